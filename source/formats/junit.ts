import { safeText } from '../core/bytes/payload.ts';

/** A line that was judged: `failure` and `skipped` are sentences, null where it passed. */
export type JunitCase = {
  readonly name: string;
  /** File and line, or how else a person finds it. */
  readonly place: string;
  readonly failure: string | null;
  readonly skipped: string | null;
  /** How to run just it again; '' where that is not known. */
  readonly again: string;
};

/** A lab, or the lines of one run. `seconds` it took; `began` in wall-clock ms since 1970. */
export type JunitSuite = {
  readonly name: string;
  readonly began: number;
  readonly seconds: number;
  readonly cases: readonly JunitCase[];
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
};

/** Characters that XML 1.0 has no way to write (section 2.2), lone surrogates among them; they are shown as escapes. */
const unwritable = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const escaped = (text: string): string =>
  text
    .replace(unwritable, character => {
      const shown = safeText(character);
      return shown === character ? '\ufffd' : shown;
    })
    .replace(/[&<>"'\n\t\r]/g, character => entities[character]!);

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('');

const caseText = (suite: JunitSuite, { name, place, failure, skipped, again }: JunitCase): string[] => {
  const head = `    <testcase${attributes({ classname: suite.name, name: `${place} ${name}`, time: '0' })}`;
  if (failure !== null) {
    const [message = ''] = failure.split('\n');
    const more = [failure, ...(again === '' ? [] : [`again: ${again}`])].join('\n');
    return [
      `${head}>`,
      `      <failure${attributes({ message, type: 'expectation' })}>${escaped(more)}</failure>`,
      '    </testcase>',
    ];
  }
  if (skipped !== null)
    return [`${head}>`, `      <skipped${attributes({ message: skipped })}/>`, '    </testcase>'];
  return [`${head}/>`];
};

const numbersOf = (cases: readonly JunitCase[]) => ({
  tests: cases.length,
  failures: cases.filter(({ failure }) => failure !== null).length,
  errors: 0,
  skipped: cases.filter(({ skipped }) => skipped !== null).length,
});

const suiteText = (suite: JunitSuite): string[] => [
  `  <testsuite${attributes({
    name: suite.name,
    ...numbersOf(suite.cases),
    time: suite.seconds.toFixed(3),
    timestamp: new Date(suite.began).toISOString().replace(/\.\d+Z$/, ''),
  })}>`,
  ...suite.cases.flatMap(each => caseText(suite, each)),
  '  </testsuite>',
];

/** The suites as JUnit's XML, as the build servers read it. */
export const junitXml = (suites: readonly JunitSuite[]): string => {
  const seconds = suites.reduce((sum, suite) => sum + suite.seconds, 0).toFixed(3);
  const numbers = numbersOf(suites.flatMap(({ cases }) => cases));
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'sockbench', ...numbers, time: seconds })}>`,
    ...suites.flatMap(suiteText),
    '</testsuites>',
  ].join('\n')}\n`;
};

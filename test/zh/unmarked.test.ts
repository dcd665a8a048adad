import { expect, test } from 'vitest';
import { messagesOf, type Node, sourceFiles, templateText, treeOf, walk } from './messages.ts';

/** Folders and files whose sentences all have their Chinese. */
const translated: readonly string[] = [
  'bench/',
  'commands/',
  'core/',
  'cli/',
  'drivers/',
  'files/',
  'formats/',
  'labs/',
  'settings/',
  'traces/',
  'ui/',
];

const ofCpython = "CPython's own words, which a call's outcome keeps and labs compare";
const ofCode = 'code in another language, with its comments';
const ofExports = 'a file that other programs read, with its comments';
const ofDocs = 'what docs/ say, and no screen';
const ofKinds = 'names that programs compare';

/** How `file: sentence` begins whose words are for programs, or are a format's own, and the reason. */
const foreign: Readonly<Record<string, string>> = {
  'cli/crash-report.ts': 'a report for whoever mends the program',
  'cli/labs/lesson-programs.ts': ofCode,
  'cli/screen/terminal-guard.ts': ofCode,
  'core/bytes/checksums.ts: CRC-': ofDocs,
  'core/bytes/checksums.ts: the ': ofDocs,
  'core/calls/': ofDocs,
  'core/language/message-values.ts: a counter': ofDocs,
  'core/language/message-values.ts: how many': ofDocs,
  'core/language/message-values.ts: the time': ofDocs,
  'core/language/python-numbers.ts': ofCpython,
  'core/language/statement-text.ts: {0}.': 'what is typed',
  'core/language/values.ts': ofKinds,
  'core/model/process.ts': ofKinds,
  'core/words/error-table.ts': ofCpython,
  'core/words/outcome-text.ts':
    'an outcome as strace writes it: in the log, in exports, in what labs compare',
  'core/words/python-text.ts': ofCpython,
  'core/words/terms-of.ts': 'words of the glossary, which shows each by its title',
  'drivers/files/': ofCpython,
  'drivers/kernel/table-worker.ts': ofCode,
  'drivers/kernel/tcp-info.ts': "ss(8)'s words for what TCP_INFO tells",
  'drivers/tls/tls-session.ts: unknown error': "OpenSSL's own words",
  'formats/code/c-': ofCode,
  'formats/code/code-of.ts: the first {0} of {1} calls': ofCode,
  'formats/code/code-words.ts': ofCode,
  'formats/code/python-code.ts': ofCode,
  'formats/encoding-thread.ts: \nconst': ofCode,
  'formats/junit.ts': ofExports,
  'formats/lab/export-lab.ts: A peer outside': ofExports,
  'formats/lab/export-lab.ts: A session of': ofExports,
  'formats/lab/export-lab.ts: Start first': ofExports,
  'formats/lab/export-lab.ts: What was done': ofExports,
  'formats/lab/export-lab.ts: {0} Meanwhile': ofExports,
  'formats/lab/lab-behaviours.ts': ofExports,
  'formats/lab/lab-peer.ts': ofExports,
  'formats/pcapng/': ofExports,
  'formats/projection/call-plan.ts: {0} of processes left out': ofExports,
  'formats/projection/told.ts': ofExports,
  'formats/python/': ofCode,
  'formats/session/worded-findings.ts': 'what older versions wrote',
  'formats/strace/': "strace's own words",
  'labs/schema-words.ts: Invalid input': "the checker's own words, told apart by them",
  'labs/lessons/course.ts': 'each title stands there in both languages',
  'traces/looks/observe.ts': ofKinds,
  'traces/proc/thread-call.ts': ofKinds,
  'traces/strace/': "strace's own words",
  'traces/verdict/peer-doubts.ts': ofKinds,
  'traces/verdict/report-text.ts: pid {0} fd {1}': 'a name, as ss(8) writes it',
  'traces/verdict/thread-waits.ts': ofKinds,
};

const isForeign = (path: string, text: string): boolean =>
  Object.keys(foreign).some(each => `${path}: ${text}`.startsWith(each));

/** What is typed, and what stands before each message of a command. */
const typed =
  /^"?(?:sudo )?sockbench(?: (?:[a-z]+|\{\d\}))*(?: --[a-z-]+)?"?(?:: \{0\})?$|^sockbench (?:relay|run) [\w:{./]/;

/** A function, a type or arguments of C. */
const declared = /^(?:const |unsigned )?(?:int|long|char|void|intptr_t)(?:[ ,]|$)/;

/** Calls among whose words none are said: an outcome's text, kept and compared as CPython words it, the documentation of a schema, and patterns. */
const keeps: ReadonlySet<string> = new Set(['failure', 'noPem', 'describe', 'latePattern']);

const isKept = (node: Node): boolean => {
  const { name, property } = (node.callee ?? {}) as { name?: string; property?: { name?: string } };
  return node.type === 'CallExpression' && keeps.has(name ?? property?.name ?? '');
};

/** Three words and more are a sentence; so are two with a small letter before each space. */
const isSentence = (text: string): boolean =>
  /[a-z]{2,}[,:;]? (?:\{\d+\} )?[a-z]{2,}/.test(text) && !typed.test(text) && !declared.test(text);

const textOf = (node: Node): string => {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  return node.type === 'TemplateLiteral' ? templateText(node) : '';
};

/** What is no sentence of the program's: types, imports, keys, and the messages of faults in the program itself. */
const isAside = (one: Node, within: readonly Node[]): boolean =>
  within.at(-1)?.key === one ||
  within.some(
    node =>
      isKept(node) ||
      /^TS(?!As|Satisfies|NonNull)/.test(node.type) ||
      /^(?:Import|Export(?:All|Named)Declaration$(?!))/.test(node.type) ||
      (node.type === 'NewExpression' && /Error$/.test((node.callee as { name?: string }).name ?? '')),
  );

test('no sentence is shown in English only', async () => {
  const found: string[] = [];
  const paths = sourceFiles.filter(path => translated.some(each => path.startsWith(each)));
  for (const path of paths)
    walk(await treeOf(path), (node, within) => {
      const text = textOf(node);
      if (
        isSentence(text) &&
        !isAside(node, within) &&
        !isForeign(path, text) &&
        !within.some(outer => messagesOf(outer).includes(text))
      )
        found.push(`${path}: ${text}`);
    });
  expect(found).toEqual([]);
});

import { safeText } from '../core/bytes/payload.ts';
import { plural } from '../core/language/units.ts';
import { type Capability, capabilities } from '../drivers/system/capabilities.ts';
import { settingsPaths } from '../settings/paths.ts';
import { readProgress } from '../settings/progress.ts';
import { print, printJson } from './print.ts';
import { spoolLimit } from './spool-file.ts';

type Report = {
  readonly sockbench: string;
  readonly node: string;
  readonly platform: string;
  readonly capabilities: readonly Capability[];
  readonly paths: ReturnType<typeof settingsPaths>;
  /** Of how many labs it is kept that they are done, and why that cannot be read, or ''. */
  readonly lessons: { readonly done: number; readonly trouble: string };
};

const threads: Capability = {
  name: 'threads and their queues',
  source: 'modelled',
  reason: 'the bench runs one call at a time on each of its threads; Node itself has one',
};

const lessonWords = ({ done, trouble }: Report['lessons']): string =>
  trouble === ''
    ? `${plural(done, 'lab')} done; sockbench labs --reset [NAME] forgets one, or all`
    : `which cannot be read: ${safeText(trouble)}`;

const human = ({ sockbench, node, platform, capabilities: list, paths, lessons }: Report): string => {
  const width = Math.max(...list.map(({ name }) => name.length));
  const rows = list.map(({ name, source, reason }) =>
    `  ${name.padEnd(width)}  ${source.padEnd(8)}  ${reason}`.trimEnd(),
  );
  return [
    `sockbench ${sockbench}, Node ${node}, ${platform}`,
    '',
    'What is shown, and where it comes from here:',
    ...rows,
    '',
    `  settings  ${safeText(paths.settings)}`,
    `  history   ${safeText(paths.history)}`,
    `  spool     ${safeText(paths.spool)}, ${spoolLimit}`,
    `  lessons   ${safeText(paths.progress)}, ${lessonWords(lessons)}`,
  ].join('\n');
};

/** `sockbench doctor`: what is from the kernel on this machine, and what is modelled. */
export const printDoctor = async (json: boolean): Promise<number> => {
  const { progress, trouble } = await readProgress(settingsPaths().progress);
  const report: Report = {
    sockbench: process.env.SOCKBENCH_VERSION ?? '0.0.0',
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    capabilities: [...(await capabilities()), threads],
    paths: settingsPaths(),
    lessons: { done: Object.keys(progress.done).length, trouble },
  };
  if (json) printJson(report);
  else print(human(report));
  return 0;
};

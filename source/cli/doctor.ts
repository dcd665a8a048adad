import { safeText } from '../core/bytes/payload.ts';
import { marked, t } from '../core/words/translate.ts';
import { type Capability, capabilities } from '../drivers/system/capabilities.ts';
import { settingsPaths } from '../settings/paths.ts';
import { readProgress } from '../settings/progress.ts';
import { widthOf } from '../ui/parts/styled-line.ts';
import { padded } from './padded.ts';
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

const sourceWords: Readonly<Record<Capability['source'], string>> = {
  kernel: marked('kernel'),
  modelled: marked('modelled'),
  missing: marked('missing'),
};

const threads = (): Capability => ({
  name: marked('threads and their queues'),
  source: 'modelled',
  reason: t('the bench runs one call at a time on each of its threads; Node itself has one'),
});

const lessonWords = ({ done, trouble }: Report['lessons']): string =>
  trouble === ''
    ? done === 1
      ? t('1 lab done; sockbench labs --reset [NAME] forgets one, or all')
      : t`${done} labs done; sockbench labs --reset [NAME] forgets one, or all`
    : t`which cannot be read: ${safeText(trouble)}`;

const human = ({ sockbench, node, platform, capabilities: list, paths, lessons }: Report): string => {
  const width = Math.max(...list.map(({ name }) => widthOf(t(name))));
  const rows = list.map(({ name, source, reason }) =>
    `  ${padded(t(name), width)}  ${padded(t(sourceWords[source]), 8)}  ${reason}`.trimEnd(),
  );
  return [
    `sockbench ${sockbench}, Node ${node}, ${platform}`,
    '',
    t('What is shown, and where it comes from here:'),
    ...rows,
    '',
    t`  settings  ${safeText(paths.settings)}`,
    t`  history   ${safeText(paths.history)}`,
    t`  spool     ${safeText(paths.spool)}, ${spoolLimit()}`,
    t`  lessons   ${safeText(paths.progress)}, ${lessonWords(lessons)}`,
  ].join('\n');
};

/** `sockbench doctor`: what is from the kernel on this machine, and what is modelled. */
export const printDoctor = async (json: boolean): Promise<number> => {
  const { progress, trouble } = await readProgress(settingsPaths().progress);
  const report: Report = {
    sockbench: process.env.SOCKBENCH_VERSION ?? '0.0.0',
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    capabilities: [...(await capabilities()), threads()],
    paths: settingsPaths(),
    lessons: { done: Object.keys(progress.done).length, trouble },
  };
  if (json) printJson(report);
  else print(human(report));
  return 0;
};

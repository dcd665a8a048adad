import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { safeText } from '../../core/bytes/printable.ts';
import { t } from '../../core/words/translate.ts';
import { orElse } from '../../traces/proc/proc-files.ts';
import { realProc } from '../../traces/proc/real-proc.ts';
import { statusField } from '../../traces/proc/status-fields.ts';

/** Flags with long names, and times to the nanosecond (strace's NEWS). */
const oldest = [5, 6] as const;

/** From here on strace ends its programs where it is killed itself: before, they are left with a filter that fails their calls. */
const killsOnExit = [6, 6] as const;

type Version = readonly [number, number];

const atLeast = ([major, minor]: Version, [wantMajor, wantMinor]: Version): boolean =>
  major > wantMajor || (major === wantMajor && minor >= wantMinor);

/** What can be traced here: `bySeccomp`, only the calls that are asked for stop a program; or why nothing can be. */
export type StraceCheck =
  | { readonly ok: true; readonly bySeccomp: boolean }
  | { readonly ok: false; readonly message: string };

const refused = (message: string): StraceCheck => ({ ok: false, message });

/** Yama's setting (kernel documentation, Yama): 1: only descendants; 2: only administrators; 3: nobody. 0 where there is no Yama. */
const yama = (): number => Number(orElse(realProc.read('sys/kernel/yama/ptrace_scope'), '0'));

const isRoot = (): boolean => process.getuid?.() === 0;

const yamaWords = (scope: number): string =>
  scope >= 3
    ? t(
        'kernel.yama.ptrace_scope is 3: nobody may trace on this machine until it is started anew with another value',
      )
    : t`kernel.yama.ptrace_scope is ${scope}: only root may trace here: sudo sockbench trace`;

/** Whether strace is there, new enough, and may trace a program that it starts. */
export const checkStrace = (): StraceCheck => {
  if (process.platform !== 'linux')
    return refused(t`it needs strace, which is Linux's: this is ${process.platform}`);
  const asked = spawnSync('strace', ['-V'], { encoding: 'utf8' });
  if (asked.error) return refused(t('it needs strace, which is not on the PATH: apt-get install strace'));
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(asked.output[1] ?? '') ?? [];
  const version: Version = [Number(major ?? 0), Number(minor ?? 0)];
  if (!atLeast(version, oldest))
    return refused(t`strace ${version.join('.')} is too old: it needs ${oldest.join('.')} or newer`);
  const scope = yama();
  if (scope >= 3 || (scope === 2 && !isRoot())) return refused(yamaWords(scope));
  const tried = spawnSync('strace', ['-qq', '-o', '/dev/null', '-e', 'trace=none', 'true'], {
    encoding: 'utf8',
  });
  if (tried.status !== 0) {
    const said = safeText(tried.output[2]?.trim().split('\n')[0] ?? '');
    return refused(t`strace may not trace here (${said}): a container needs --cap-add=SYS_PTRACE`);
  }
  return { ok: true, bySeccomp: atLeast(version, killsOnExit) };
};

const isFile = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** Why a program cannot be started; null where it can. */
export const programTrouble = (name: string): string | null => {
  if (name.includes('/')) return isFile(name) ? null : t`${safeText(name)}: there is no such program`;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some(folder => isFile(join(folder, name)))
    ? null
    : t`${safeText(name)}: no program of this name is on the PATH`;
};

/** Why a process cannot be traced; null where nothing forbids it. */
export const processTrouble = (word: string): string | null => {
  const status = /^\d+$/.test(word) ? realProc.read(`${word}/status`) : null;
  if (!status?.ok) return t`${safeText(word)}: there is no process of that number (pid); ps -e lists them`;
  const field = (name: string) => safeText(statusField(status.value, name));
  if (statusField(status.value, 'Kthread') === '1') return t`${word}: this is a thread of the kernel`;
  const tracer = field('TracerPid');
  if (tracer !== '0')
    return t`${word}: ${field('Name')} is traced already, by process ${tracer}, and only one may trace it at a time`;
  const uid = field('Uid').split('\\t')[0];
  if (!isRoot() && Number(uid) !== process.getuid?.())
    return t`${word}: ${field('Name')} runs as uid ${uid}: sudo sockbench trace --no-screen -p ${word}`;
  if (yama() === 1 && !isRoot())
    return t`${word}: kernel.yama.ptrace_scope is 1, and only root may trace what runs already: sudo sockbench trace --no-screen -p ${word}`;
  return null;
};

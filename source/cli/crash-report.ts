import { readdirSync } from 'node:fs';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Source } from '../bench/engine/source.ts';
import { terminal } from './print.ts';

/*
 * What a crash leaves for whoever mends it, and may be shown to anyone. In it are versions, the command's name without its
 * arguments, what was open as counts by kind, and where in the code it was. Not in it: bytes, payloads, addresses, ports, names of
 * files or of hosts, the environment. So the error's message is left out, which may quote what it choked on; the terminal gets it.
 */

/** What was on the screen when it happened. */
export type Looked = Pick<Source, 'kind' | 'state' | 'journal'>;

/** Entries that are counted by kind, the newest: a crash is told at once. */
const countedEntries = 20_000;

const counts = (words: Iterable<string>): string => {
  const found = new Map<string, number>();
  for (const word of words) found.set(word, (found.get(word) ?? 0) + 1);
  return [...found].map(([word, count]) => `${count} ${word}`).join(', ') || 'none';
};

const openLines = ({ kind, state, journal }: Looked): string[] => {
  const { sockets, calls, files, processes, rules } = state();
  const newest = journal.slice(journal.last() - countedEntries + 1, journal.last());
  return [
    `source: ${kind}`,
    `sockets: ${counts([...sockets.values()].map(each => `${each.family} ${each.type} ${each.condition}`))}`,
    `calls in flight: ${counts([...calls.values()].map(({ call }) => call.name))}`,
    `threads in a call: ${new Set([...calls.values()].map(({ thread }) => thread)).size}`,
    `file objects: ${files.size}, processes: ${processes.size}, rules: ${rules.length}`,
    `entries: ${journal.last()}, the newest ${newest.length}: ${counts(newest.map(({ kind }) => kind))}`,
  ];
};

const tried = (lines: () => string[]): string[] => {
  try {
    return lines();
  } catch {
    return ['what was open could not be told'];
  }
};

const descriptors = (): string => {
  try {
    return String(readdirSync('/proc/self/fd').length);
  } catch {
    return 'not told here';
  }
};

/** The folder that the program was installed in: where a person keeps things is nobody's business. */
const home = new URL('..', import.meta.url);

const frame = /^\s+at (?:.+ \()?(?:file:|node:|\/|[A-Za-z]:\\|<anonymous>|native).*$/;

/** The frames of a stack without what the message says, even where that looks like frames. */
const framesOf = (error: unknown): string[] => {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return ['    no stack'];
  const { stack, message } = error;
  const at = stack.indexOf(message);
  const behind = at < 0 ? stack : stack.slice(at + message.length);
  return behind
    .split('\n')
    .filter(line => frame.test(line))
    .map(line => line.replaceAll(home.href, '').replaceAll(fileURLToPath(home), ''));
};

const kindOf = (error: unknown): string => {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && /^[A-Z_0-9]+$/.test(code) ? `${error.name} ${code}` : error.name;
};

export type Crash = {
  readonly error: unknown;
  /** A command of sockbench's. */
  readonly command: string;
  readonly looked: Looked | null;
};

export const crashReport = ({ error, command, looked }: Crash): string => {
  const { columns, rows } = terminal().output;
  const { rss, heapUsed } = process.memoryUsage();
  const mib = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MiB`;
  const lines = [
    'A crash of sockbench. No payloads, addresses, names of files or words of the command line are in it.',
    `sockbench: ${process.env.SOCKBENCH_VERSION ?? '0.0.0'}`,
    `Node: ${process.version}, ${process.platform} ${process.arch}, ${release()}`,
    `terminal: ${columns === undefined ? 'none' : `${columns}x${rows}`}, TERM ${process.env.TERM ?? 'not set'}`,
    `command: ${command || 'none, the workbench'}`,
    `running for: ${process.uptime().toFixed(1)} s, memory ${mib(rss)}, of objects ${mib(heapUsed)}, descriptors ${descriptors()}`,
    ...(looked ? tried(() => openLines(looked)) : ['no screen was open']),
    `error: ${kindOf(error)}`,
    ...framesOf(error),
  ];
  return `${lines.join('\n')}\n`;
};

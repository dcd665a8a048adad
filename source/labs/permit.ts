import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Bench } from '../bench/engine/bench.ts';
import { filesOf } from '../commands/sockets/rule-files.ts';
import { quoteText } from '../core/bytes/payload.ts';
import type { Call } from '../core/calls/call.ts';
import { formatCall } from '../core/language/line.ts';
import { formatRelayStatement } from '../core/language/relay-text.ts';
import { formatRepeatStatement } from '../core/language/repeat-text.ts';
import { formatRule } from '../core/language/rule-text.ts';
import type { RelayTarget } from '../core/model/relay-target.ts';
import { repeatCall } from '../core/model/repeat.ts';
import type { Repeat } from '../core/model/repeat-plan.ts';
import type { TlsSettings } from '../core/model/tls.ts';
import { t } from '../core/words/translate.ts';
import type { OneLine } from './line-runner.ts';
import { createGuard, type Wish } from './permission.ts';

export type Permissions = { readonly net: boolean; readonly read: boolean; readonly run: boolean };

/** What asks before a line of somebody else's lab runs. */
export type Permit = {
  /** Why the line may not run, in a sentence; null where it may. */
  readonly check: (line: OneLine) => Promise<string | null>;
  /** The same of the start of a program. */
  readonly checkProgram: (title: string) => Promise<string | null>;
  readonly ended: ReturnType<typeof createGuard>['ended'];
};

export type PermitOptions = {
  readonly bench: Bench;
  /** The folder of the lab's file. */
  readonly folder: string;
  readonly allowed: Permissions;
  /** Asks a person; without one what is not allowed is refused. */
  readonly ask?: ((question: string) => Promise<boolean>) | undefined;
};

/** Characters of a payload that a question shows. */
const shown = 60;

/** Where a path leads, links followed; a path that leads nowhere is what it says. */
const targetOf = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

const isInside = (file: string, folder: string): boolean => {
  const way = relative(folder, file);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === file && way !== file;
};

const tlsPaths = ({ cafile, certfile, keyfile }: TlsSettings = {}): readonly string[] =>
  [cafile, certfile, keyfile].filter(path => path !== undefined);

/** Files that a call reads: what it sends, certificates and keys. */
const pathsIn = (call: Call): readonly string[] => {
  if (call.name === 'wrap') return tlsPaths(call.settings);
  return 'data' in call && call.data.kind === 'file' ? [call.data.path] : [];
};

/** Lines that reach beyond the bench. */
type Reaching =
  | Extract<OneLine, { kind: 'call' | 'rule' }>
  | (Extract<OneLine, { kind: 'relay' }> & { readonly target: RelayTarget })
  | (Extract<OneLine, { kind: 'repeat-send' }> & { readonly repeat: Repeat });

const isReaching = (line: OneLine): line is Reaching =>
  line.kind === 'call' ||
  line.kind === 'rule' ||
  (line.kind === 'relay' && line.target !== null) ||
  (line.kind === 'repeat-send' && line.repeat !== null);

const textOf = (line: Reaching): string => {
  switch (line.kind) {
    case 'call':
      return formatCall(line.call, shown);
    case 'rule':
      return `${line.socket}.on ${formatRule(line.rule)}`;
    case 'relay':
      return formatRelayStatement(line);
    case 'repeat-send':
      return formatRepeatStatement(line, shown);
  }
};

/** Files that a line reads. */
const filesRead = (line: Reaching): readonly string[] => {
  switch (line.kind) {
    case 'call':
      return pathsIn(line.call);
    case 'rule':
      return filesOf(line.rule);
    case 'relay':
      return tlsPaths(line.target.tls ?? {});
    case 'repeat-send':
      return line.repeat.data.kind === 'file' ? [line.repeat.data.path] : [];
  }
};

const fileWish = async (line: Reaching, folder: string): Promise<Wish | null> => {
  for (const path of filesRead(line)) {
    const wish = await pathWish(path, folder);
    if (wish) return wish;
  }
  return null;
};

const pathWish = async (path: string, folder: string): Promise<Wish | null> => {
  const file = await targetOf(path);
  if (isInside(file, await targetOf(folder))) return null;
  const leads = file === resolve(path) ? '' : t`, that is ${quoteText(file)},`;
  return {
    would: t`would read a file: ${quoteText(path)}${leads} is outside the lab's folder`,
    allow: '--allow-read',
  };
};

/** A lab is a program by whoever wrote it: what reaches beyond this machine or its folder needs the person's word. */
export const createPermit = ({ bench, folder, allowed, ask }: PermitOptions): Permit => {
  const guard = createGuard();
  const granted = new Set<string>();

  const netWish = (line: Reaching): Wish | null => {
    switch (line.kind) {
      case 'call':
        return guard.wish(line.call, bench.state().sockets.get(line.call.on));
      case 'rule':
        return null;
      case 'relay':
        return guard.wishOfRelay(line.target);
      case 'repeat-send': {
        const socket = bench.state().sockets.get(line.socket);
        return socket ? guard.wish(repeatCall(line.socket, line.repeat, socket), socket) : null;
      }
    }
  };

  const wishesOf = async (line: Reaching): Promise<Wish[]> => {
    bench.flush();
    const wishes = [allowed.read ? null : await fileWish(line, folder), allowed.net ? null : netWish(line)];
    return wishes.filter(wish => wish !== null);
  };

  /** Null where it is allowed. */
  const refusalOf = async (what: string, allow: Wish['allow']): Promise<string | null> => {
    if (!ask) return t`${what}; a lab of a file may do that only with ${allow}`;
    return (await ask(what)) ? null : t`${what}; you said no`;
  };

  return {
    ended: guard.ended,
    check: async line => {
      if (!isReaching(line)) return null;
      for (const { would, allow } of await wishesOf(line)) {
        if (granted.has(would)) continue;
        const refusal = await refusalOf(`${textOf(line)} ${would}`, allow);
        if (refusal !== null) return refusal;
        granted.add(would);
      }
      return null;
    },
    // Each program is another: one that was allowed says nothing of the next.
    checkProgram: async title =>
      allowed.run
        ? null
        : refusalOf(t`${title} would start a program, which may do all that you may`, '--allow-run'),
  };
};

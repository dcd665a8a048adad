import { titleOf } from './call.ts';
import type { EndedEntry, Entry, QueuedEntry, RunningEntry, SampleEntry } from './entry.ts';
import { findingSentence } from './finding-words.ts';
import type { KeyWords } from './key-words.ts';
import { formatCall } from './line.ts';
import { looksLike } from './looks-like.ts';
import { formatOutcome } from './outcome-text.ts';
import { safeText } from './payload.ts';
import { threadTitle } from './threads.ts';
import { formatSize } from './units.ts';

/** Seconds with six decimals, as strace -r and -T print them. */
export const formatSeconds = (ms: number): string => (ms / 1000).toFixed(6);

const callText = (entry: QueuedEntry | RunningEntry | EndedEntry, limit: number): string => {
  const { as: _, ...call } = entry.call;
  return formatCall(call as typeof entry.call, limit);
};

const endedText = (entry: EndedEntry, limit: number): string => {
  const head = entry.seen ? `<... ${titleOf(entry.call)} resumed>` : callText(entry, limit);
  const took = entry.startedAt === null ? 'never started' : formatSeconds(entry.t - entry.startedAt);
  const like = looksLike(entry.call, entry.outcome).split(':')[0];
  // Before the bytes: where the line is cut, they give way.
  const hint = like === '' ? '' : `(looks like ${like}) `;
  return `${head} = ${hint}${formatOutcome(entry.outcome, entry.call, limit)} <${took}>`;
};

const sampleText = (entry: SampleEntry): string =>
  entry.sockets
    .map(({ socket, state, rcvQ, sndQ, retransmits, drops }) => {
      if (state === 'LISTEN') return `${socket} LISTEN accept queue ${rcvQ}`;
      const more = `${retransmits > 0 ? ` retransmits ${retransmits}` : ''}${drops > 0 ? ` drops ${drops}` : ''}`;
      return `${socket} ${state} Recv-Q ${rcvQ} Send-Q ${sndQ}${more}`;
    })
    .concat(entry.taken.map(({ id, bytes }) => `call ${id}: the kernel took ${formatSize(bytes)} so far`))
    .join('; ');

/**
 * An entry as the log words it, on one line, the way strace does: `call = outcome <seconds>`,
 * `call <unfinished ...>`, `<... call resumed> = outcome <seconds>`. What stands left of ` = ` parses back
 * where `limit`, how many characters of a payload are decoded, did not cut it. `keys` are the reader's own. Nothing foreign
 * comes through unescaped.
 */
export const entryText = (entry: Entry, limit = 200, keys: KeyWords = null): string => {
  switch (entry.kind) {
    case 'queued':
      return `${callText(entry, limit)} <queued: ${entry.why ?? `${threadTitle(entry.thread)} is busy`}>`;
    case 'running':
      return `${callText(entry, limit)} <unfinished ...>`;
    case 'ended':
      return endedText(entry, limit);
    case 'sample':
      return `${entry.source}: ${sampleText(entry)}`;
    case 'loop':
      return `${entry.program} ${entry.loop} loop ${entry.on ? 'on' : 'off'}`;
    case 'policy':
      return `${entry.program} policy ${entry.policy}`;
    case 'finding':
      return `${entry.on ? '!' : 'over:'} ${findingSentence(entry.finding, keys)}`;
    case 'event':
      return `${entry.socket}: ${entry.bytes} bytes already handed over left late`;
    case 'note':
      return `${entry.level === 'warning' ? '! ' : ''}${safeText(entry.text)}`;
    case 'checkpoint':
      return 'checkpoint';
  }
};

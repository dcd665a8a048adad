import { latePattern } from '../../core/bytes/late.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Journal } from '../../core/model/journal.ts';
import type { SocketState } from '../../core/model/state.ts';

/** What services and people write before a secret: the end of what was heard last, or the start of the line itself. */
const prompt = latePattern(
  String.raw`(?:pass(?:word|phrase|code|wd)?|\bpin|secret|token|one-time code|\botp|密码|口令)[^\n]{0,40}[:：>?][^\p{L}\p{N}]*$`,
  'iu',
);
const own =
  /^\s*(?:pass|auth)\s+\S|(?:passw(?:or)?d|passphrase|secret|token|api[-_]?key)["']?\s*[:=]|^\s*(?:proxy-)?authorization:/im;

/** Bytes at the end of what was heard in which a prompt is looked for, and entries gone back to find it. */
const tail = 200;
const depth = 200;

const decoder = new TextDecoder();

/** The end of what a socket received last; '' where it received nothing. */
export const lastHeard = (journal: Journal, socket: SocketState): string => {
  let n = socket.last;
  for (let steps = 0; n > 0 && steps < depth; steps++) {
    const entry = journal.at(n);
    if (!entry) break;
    if (entry.kind === 'ended' && entry.outcome.kind === 'data' && entry.outcome.data instanceof Uint8Array)
      return decoder.decode(entry.outcome.data.subarray(-tail));
    n = entry.prev;
  }
  return '';
};

/** Whether a call that was typed sends what looks like a secret. */
export const sendsSecret = (call: Call, heard: string): boolean =>
  'data' in call && isSecret(call.data.kind === 'literal' ? decoder.decode(call.data.data) : '', heard);

/** Whether a line looks like a secret: no history keeps it. `heard`: what the peer said last. */
export const isSecret = (line: string, heard: string): boolean => prompt().test(heard) || own.test(line);

import { createHeard, type Heard } from './streams.ts';

/** Lines of a file or an output; a last one without its newline is none. */
export async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let held: Buffer[] = [];
  for await (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      held.push(piece.subarray(from, end));
      yield (held.length === 1 ? held[0]! : Buffer.concat(held)).toString();
      held = [];
      from = end + 1;
    }
    if (from < piece.length) held.push(piece.subarray(from));
  }
}

const plain: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', 0: '\0' };

/** Bytes of a text with escapes, as docs/labs.md has them. */
const unescaped = (text: string): Buffer =>
  Buffer.concat(
    [...text.matchAll(/\\x(..)|\\u\{(\w+)\}|\\(.)|([^\\]+)/gs)].map(([, hex, point, one, rest]) => {
      if (hex !== undefined) return Buffer.from(hex, 'hex');
      if (point !== undefined) return Buffer.from(String.fromCodePoint(Number.parseInt(point, 16)));
      return Buffer.from(one === undefined ? rest! : (plain[one] ?? one));
    }),
  );

/** Both directions of a socket of a session. */
export type Ends = { readonly received: Heard; readonly sent: Heard };

/** An entry as docs/session-format.md has it: what is read here by hand shares no code with what wrote it. */
export type Line = {
  readonly n: number;
  readonly t: number;
  readonly kind: string;
  readonly call?: string;
  readonly sockets?: readonly { readonly socket: string; readonly drops: number }[];
  readonly finding?: { readonly name: string; readonly count: number };
  readonly outcome?: {
    readonly kind: string;
    readonly name?: string;
    readonly count?: number;
    readonly data?: { readonly text?: string; readonly base64?: string };
  };
};

export const receivedIn = ({ kind, outcome }: Line): Buffer | null => {
  if (kind !== 'ended' || outcome?.kind !== 'data' || !outcome.data) return null;
  const { text, base64 } = outcome.data;
  return text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text);
};

/** Of a send that failed those bytes that were taken before. */
const sentIn = ({ kind, call, outcome }: Line): Buffer | null => {
  if (kind !== 'ended' || call === undefined) return null;
  const found = /^\w+\.send(?:all)? (base64|)"(.*)"$/s.exec(call);
  if (!found) return null;
  const bytes = found[1] === 'base64' ? Buffer.from(found[2]!, 'base64') : unescaped(found[2]!);
  return outcome?.kind === 'none' ? bytes : bytes.subarray(0, outcome?.count ?? 0);
};

/** What each socket of a session received and sent, by its name. */
export const endsIn = async (pieces: AsyncIterable<Buffer>): Promise<ReadonlyMap<string, Ends>> => {
  const all = new Map<string, Ends>();
  for await (const text of linesOf(pieces)) {
    const line: Line = JSON.parse(text);
    const [received, sent] = [receivedIn(line), sentIn(line)];
    if (!received && !sent) continue;
    const name = line.call!.slice(0, line.call!.indexOf('.'));
    const ends = all.get(name) ?? { received: createHeard(), sent: createHeard() };
    all.set(name, ends);
    if (received) ends.received.push(received);
    if (sent) ends.sent.push(sent);
  }
  return all;
};

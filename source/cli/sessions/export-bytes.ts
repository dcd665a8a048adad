import type { BytesWanted, Direction } from '../../core/bytes/bytes-wanted.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { t } from '../../core/words/translate.ts';
import { complain, printBytes } from '../print.ts';
import { type Survey, survey, type Walk, walkBytes } from './bytes-of-session.ts';
import { fileTrouble, fillNewFile } from './new-file.ts';
import { amountWords, noSuchSocket } from './save-bytes.ts';
import { readSessionFile, walkSessionFile } from './session-file.ts';

export type BytesFlags = {
  readonly socket: string;
  readonly direction: Direction;
  readonly output: string | undefined;
};

type Write = (bytes: Uint8Array) => Promise<void>;

/** A file is read as often as it is gone through, and never held; standard input can be read once. */
const walkOf = async (file: string): Promise<Walk | string> => {
  if (file !== '-')
    return async see => {
      const walked = await walkSessionFile(file, see);
      return walked.ok ? null : walked.message;
    };
  const read = await readSessionFile(file);
  if (!read.ok) return read.message;
  return async see => {
    await see(read.session.entries);
    return null;
  };
};

/** The reader of standard output has left: the program ends by its own rule for that. */
class Left extends Error {}

const toOutput = async (fill: (write: Write) => Promise<void>): Promise<void> => {
  try {
    await fill(async bytes => {
      if (!(await printBytes(bytes))) throw new Left();
    });
  } catch (error) {
    if (!(error instanceof Left)) throw error;
  }
};

const complainOf = (message: string): void => complain(`sockbench export: ${message}`);

/** What the session had and the file has not, and whose bytes it has: a sentence each. */
const toldOf = (wanted: BytesWanted & { kind: 'socket' }, found: Survey): readonly string[] => {
  const { known, gone, before, earlier, from } = found;
  const why = [
    ...(gone > 0 ? [t`${gone} that the session does not hold`] : []),
    ...(before > 0 ? [t`${before} before its first entry`] : []),
  ];
  const missing = amountWords(wanted, known, known + gone + before, why.join(', '));
  const others =
    earlier === 1
      ? t`1 socket before #${from} had the name ${wanted.socket} too: these are the last one's bytes`
      : t`${earlier} sockets before #${from} had the name ${wanted.socket} too: these are the last one's bytes`;
  return [...(why.length > 0 ? [missing] : []), ...(earlier > 0 ? [others] : [])];
};

/**
 * `sockbench export --to bytes`: what a socket of a session received or sent, nothing else. 0 where that is all of it, 1
 * where bytes are missing, which is said, 2 where nothing was written.
 */
export const exportBytes = async (
  file: string,
  { socket, direction, output }: BytesFlags,
): Promise<number> => {
  const refuse = (message: string): number => {
    complainOf(message);
    return 2;
  };
  const wanted = { kind: 'socket', socket, direction } as const;
  const name = file === '-' ? t('standard input') : safeText(file);
  const walk = await walkOf(file);
  if (typeof walk === 'string') return refuse(walk);
  const found = await survey(walk, wanted);
  if (typeof found === 'string') return refuse(found);
  if (!found.found) return refuse(`${name}: ${noSuchSocket(socket, found.sockets)}`);
  let unread: string | null = null;
  const fill = async (write: Write) => {
    unread = await walkBytes(walk, wanted, found.from, write);
    if (unread !== null) throw new Error(unread);
  };
  const target = output === undefined || output === '-' ? null : output;
  try {
    await (target === null ? toOutput(fill) : fillNewFile(target, fill));
  } catch (error) {
    return refuse(unread ?? fileTrouble(target ?? t('standard output'), error));
  }
  for (const sentence of toldOf(wanted, found)) complainOf(`${name}: ${sentence}`);
  return found.gone + found.before > 0 ? 1 : 0;
};

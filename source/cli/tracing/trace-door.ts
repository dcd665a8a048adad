import { t } from '../../core/words/translate.ts';
import { type Guest, openDoor } from '../../drivers/system/local-door.ts';
import { ownDoor } from './join-place.ts';
import type { JoiningTrace } from './trace-session.ts';

const pidIn = (message: unknown): number => {
  const pid = typeof message === 'object' && message !== null && 'pid' in message ? message.pid : 0;
  return typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 ? pid : 0;
};

/** Who joins is told where strace is to write, starts its program under it, and says the program's number. */
const welcome = async (guest: Guest, join: () => Promise<JoiningTrace>): Promise<void> => {
  const place = await join();
  guest.say({ pipe: place.path });
  const pid = pidIn(await guest.hear());
  if (pid > 0) place.enter(pid);
  await guest.gone;
  place.left();
};

/** Lets programs of other terminals join this trace. */
export const openForOthers = async (
  join: () => Promise<JoiningTrace>,
  trouble: (words: string) => void,
): Promise<{ readonly close: () => void }> => {
  const door = ownDoor();
  const nobody = (why: string) => {
    trouble(t`no program can join this trace: ${why}`);
    return { close: () => {} };
  };
  if (typeof door === 'string') return nobody(door);
  try {
    return await openDoor(door.path, guest => void welcome(guest, join));
  } catch (error) {
    return nobody((error as NodeJS.ErrnoException).code ?? String(error));
  }
};

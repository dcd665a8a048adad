import { safeText } from '../core/bytes/payload.ts';
import { marked, t } from '../core/words/translate.ts';

const reasons: Readonly<Record<string, string>> = {
  EEXIST: marked('is there already; nothing is overwritten, name another file'),
  ENOENT: marked('is in a folder that does not exist'),
  ENOTDIR: marked('is in something that is no folder'),
  EACCES: marked('may not be written (EACCES)'),
  EROFS: marked('is on a file system that is read-only (EROFS)'),
  ENOSPC: marked('cannot be written: the disk is full (ENOSPC)'),
  EISDIR: marked('is a folder; name a file in it'),
  ENAMETOOLONG: marked('is a name longer than the system takes'),
};

/** Why the system did not let a file be written, as a sentence that begins with its name. */
export const writeTrouble = (file: string, error: unknown): string => {
  const { code = '' } = error as NodeJS.ErrnoException;
  const reason = reasons[code];
  return reason
    ? `${safeText(file)} ${t(reason)}`
    : t`${safeText(file)} cannot be written (${code || safeText(String(error))})`;
};

import { appendFileSync } from 'node:fs';
import type { Pointer, TlsLibrary } from './tls-library.ts';

let log: Pointer | undefined;

/**
 * Where the environment names a file for it, secrets of every connection are written there, as browsers and curl do, so that
 * a capture can be read (SSLKEYLOGFILE; draft-ietf-tls-keylogfile). Python's ssl.create_default_context honours it as well.
 */
export const keyLogOf = (library: TlsLibrary): Pointer => {
  const path = process.env.SSLKEYLOGFILE;
  if (path === undefined || path === '') return null;
  log ??= library.keyLog((_, line) => {
    try {
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
    } catch {
      // A handshake does not fail because nobody can write down its secrets.
    }
  });
  return log;
};

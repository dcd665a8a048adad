import { X509Certificate } from 'node:crypto';
import { inspect, isDeepStrictEqual } from 'node:util';
import { safeText } from '../../../source/core/bytes/printable.ts';
import { makeCertificate, pemOf } from '../../../source/drivers/tls/tls-certificate.ts';
import { certificateOf } from '../../../source/drivers/tls/tls-facts.ts';
import { readIdentity } from '../../../source/drivers/tls/tls-files.ts';
import type { Chance } from '../../support/chance.ts';
import { scratchFile } from '../scratch.ts';
import type { Subject } from './subject.ts';
import { mangled } from './texts.ts';

const made = makeCertificate({ subject: 'localhost', names: ['localhost', '::1'], from: 0, until: 4e12 });
const pem =
  pemOf('CERTIFICATE', made.der) + pemOf('PRIVATE KEY', made.key.export({ type: 'pkcs8', format: 'der' }));

/** Bytes of it changed, left out, or put in. */
const spoiledDer = (chance: Chance): Uint8Array => {
  const bytes = [...made.der];
  for (let left = 1 + chance.below(5); left > 0; left--) {
    const at = chance.below(bytes.length);
    bytes.splice(at, chance.below(3), ...(chance.below(2) ? [chance.below(256)] : []));
  }
  return Uint8Array.from(bytes);
};

/** A file of certificates: what is in it is told, or why it cannot be used. */
const files: Subject = {
  name: 'PEM files',
  share: 1,
  input: chance => {
    const text = chance.below(2) ? mangled(chance, [pem]) : pemOf('CERTIFICATE', spoiledDer(chance)) + pem;
    const read = () => {
      const file = scratchFile('certificate.pem', text);
      const answer = readIdentity(file, undefined);
      return 'kind' in answer ? { ok: false, message: safeText(answer.detail ?? answer.code) } : { ok: true };
    };
    return { shown: text, read };
  },
};

const isReadable = (der: Uint8Array): boolean => {
  try {
    return new X509Certificate(der).raw.length > 0;
  } catch {
    return false;
  }
};

/** A peer's certificate that OpenSSL takes, and the facts of it that a session keeps as JSON. */
const peers: Subject = {
  name: 'certificates of peers',
  share: 4,
  input: chance => {
    const der = spoiledDer(chance);
    const read = () => {
      if (!isReadable(der)) return;
      const facts = certificateOf(der);
      const kept: unknown = JSON.parse(JSON.stringify(facts));
      if (!isDeepStrictEqual(kept, facts)) throw new Error(`a session does not keep ${inspect(facts)}`);
    };
    return { shown: Buffer.from(der).toString('hex'), read: () => void read() };
  },
};

export const certificateSubjects: readonly Subject[] = [files, peers];

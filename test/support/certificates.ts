import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MadeCertificate, makeCertificate, pemOf } from '../../source/drivers/tls/tls-certificate.ts';

const day = 24 * 60 * 60 * 1000;

const keyText = ({ key }: MadeCertificate): string =>
  pemOf('PRIVATE KEY', key.export({ type: 'pkcs8', format: 'der' }));

/** Certificates and keys in a folder of their own, signed by an authority that nobody else trusts. */
export type Certificates = {
  readonly folder: string;
  /** The authority's. */
  readonly ca: string;
  /** For localhost, 127.0.0.1 and ::1. */
  readonly good: { readonly cert: string; readonly key: string };
  readonly expired: { readonly cert: string; readonly key: string };
  readonly other: { readonly cert: string; readonly key: string };
  readonly own: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
  readonly dispose: () => void;
};

export const certificates = (): Certificates => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-tls-'));
  const now = Date.now();
  const put = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const both = (name: string, made: MadeCertificate) => ({
    cert: put(`${name}.pem`, pemOf('CERTIFICATE', made.der)),
    key: put(`${name}.key`, keyText(made)),
  });
  const dates = { from: now - day, until: now + day };
  const authority = makeCertificate({ subject: 'Test authority', names: [], ...dates, signs: true });
  const names = ['localhost', '127.0.0.1', '::1'];
  const signed = { ...dates, issuer: authority };
  return {
    folder,
    ca: put('ca.pem', pemOf('CERTIFICATE', authority.der)),
    good: both('good', makeCertificate({ subject: 'localhost', names, ...signed })),
    expired: both(
      'expired',
      makeCertificate({ subject: 'localhost', names, ...signed, from: now - 3 * day, until: now - 2 * day }),
    ),
    other: both('other', makeCertificate({ subject: 'other', names: ['other.example'], ...signed })),
    own: both('own', makeCertificate({ subject: 'localhost', names, ...dates })),
    client: both('client', makeCertificate({ subject: 'client', names: ['client.example'], ...signed })),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
};

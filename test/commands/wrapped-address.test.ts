import { expect, test } from 'vitest';
import { formatWrappedAddress, parseWrappedAddress } from '../../source/commands/calling/wrapped-address.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';

test('behind a tls:// address stand the settings of wrap, and are written as they are read', () => {
  const text = 'tls://localhost:8443 insecure alpn "h2"';
  const read = parseWrappedAddress(text);
  expect(read).toMatchObject({
    ok: true,
    value: { endpoint: inet('localhost', 8443), tls: true, settings: { insecure: true, alpn: ['h2'] } },
  });
  if (!read.ok) return;
  const written = formatWrappedAddress(read.value, read.value.settings!);
  expect(parseWrappedAddress(written)).toEqual(read);
});

test('without any it is an address like another', () => {
  const read = parseWrappedAddress('tls://localhost:8443');
  expect(read).toMatchObject({ ok: true, value: { tls: true } });
  expect(read.ok && 'settings' in read.value).toBe(false);
  expect(read.ok && formatWrappedAddress(read.value, {})).toBe('tls://localhost:8443');
  expect(formatWrappedAddress({ endpoint: inet('127.0.0.1', 80) }, {})).toBe('127.0.0.1:80');
});

test.each([
  ['tls://localhost:8443 insecur', 21],
  ['tls://localhost:x:y insecure', 6],
  ['tls://localhost:8443 cafile', 27],
])('%s is refused where it is wrong', (text, column) => {
  const read = parseWrappedAddress(text);
  expect(read.ok).toBe(false);
  expect(!read.ok && read.column).toBe(column);
});

test('in the clear there are no settings', () => {
  expect(parseWrappedAddress('127.0.0.1:80 insecure').ok).toBe(false);
});

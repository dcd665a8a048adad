import { expect, test } from 'vitest';
import { parseServices, serviceByName, serviceByPort } from '../../source/drivers/system/services-file.ts';

const nowhere = '/nonexistent/services';

test('services(5): names, aliases and comments', () => {
  const text = [
    '# a comment',
    '',
    'http\t\t80/tcp\t\twww www-http\t# WorldWideWeb HTTP',
    'syslog 514/udp',
    'broken line',
    'nonsense x/tcp',
    'half 12',
    '  ntp  123/udp  ',
  ].join('\n');
  expect(parseServices(text)).toEqual([
    { names: ['http', 'www', 'www-http'], port: 80, protocol: 'tcp' },
    { names: ['syslog'], port: 514, protocol: 'udp' },
    { names: ['ntp'], port: 123, protocol: 'udp' },
  ]);
});

test("without the system's list, IANA's answers and says so", async () => {
  const found = await serviceByName('https', 'tcp', nowhere);
  expect(found).toMatchObject({ kind: 'number', number: 443 });
  expect(found).toHaveProperty('fallback', expect.stringContaining('IANA'));
  expect(await serviceByPort(514, 'tcp', nowhere)).toMatchObject({ kind: 'text', text: 'shell' });
  for (const name of ['http', 'www-http']) {
    expect(await serviceByName(name, 'tcp', nowhere)).toMatchObject({ kind: 'number', number: 80 });
  }
  expect(await serviceByName('http', 'udp', nowhere)).toMatchObject({ kind: 'error', code: 'NO_SERVICE' });
  expect(await serviceByPort(80, 'tcp', nowhere)).toMatchObject({ kind: 'text', text: 'http' });
  expect(await serviceByName('no-such', 'tcp', nowhere)).toMatchObject({ kind: 'error', code: 'NO_SERVICE' });
  // Reserved ports have a row and no name.
  expect(await serviceByName('', undefined, nowhere)).toMatchObject({ kind: 'error', code: 'NO_SERVICE' });
});

import { describe, expect, it } from 'vitest';
import { nativeGetOption, nativeSetOption } from '../../source/drivers/native/native-options.ts';
import { available, calls, connectedPair, reason } from './native.ts';

describe.skipIf(!available)(`options by name${reason}`, () => {
  const get = (fd: number, level: string, option: string) => nativeGetOption(calls, fd, level, option);
  const set = (fd: number, level: string, option: string, value: number | string) =>
    nativeSetOption(calls, fd, level, option, value);

  it('are read and set, both spellings of a level', async () => {
    const { c } = await connectedPair();
    expect(set(c, 'SOL_SOCKET', 'SO_RCVBUF', 20_000)).toEqual({ kind: 'none' });
    expect(get(c, 'SOL_SOCKET', 'SO_RCVBUF')).toEqual({ kind: 'number', number: 40_000 });
    for (const level of ['SOL_TCP', 'IPPROTO_TCP']) {
      expect(set(c, level, 'TCP_NODELAY', level === 'SOL_TCP' ? 1 : 0)).toEqual({ kind: 'none' });
      expect(get(c, level, 'TCP_NODELAY')).toEqual({ kind: 'number', number: level === 'SOL_TCP' ? 1 : 0 });
    }
    expect(get(c, 'SOL_SOCKET', 'SO_TYPE')).toEqual({ kind: 'number', number: 1 });
  });

  it('SO_LINGER is seconds or off', async () => {
    const { c } = await connectedPair();
    for (const [value, text] of [
      [5, '5s'],
      ['0', '0s'],
      ['7 s', '7s'],
      ['off', 'off'],
    ] as const) {
      expect(set(c, 'SOL_SOCKET', 'SO_LINGER', value)).toEqual({ kind: 'none' });
      expect(get(c, 'SOL_SOCKET', 'SO_LINGER')).toEqual({ kind: 'text', text });
    }
    expect(set(c, 'SOL_SOCKET', 'SO_LINGER', 'soon')).toMatchObject({ kind: 'error', code: 'VALUE' });
  });

  it('TCP_INFO is a line of text, and cannot be set', async () => {
    const { c } = await connectedPair();
    expect(get(c, 'IPPROTO_TCP', 'TCP_INFO')).toMatchObject({
      kind: 'text',
      text: expect.stringMatching(/^rtt .* cwnd \d+/),
    });
    expect(set(c, 'IPPROTO_TCP', 'TCP_INFO', 1)).toMatchObject({ kind: 'error', code: 'ENOPROTOOPT' });
  });

  it('what is unknown or refused is an error that names it', async () => {
    const { c } = await connectedPair();
    expect(get(c, 'SOL_SOCKET', 'SO_NOTHING')).toMatchObject({ code: 'ENOPROTOOPT' });
    expect(get(c, 'toString', 'length')).toMatchObject({ code: 'ENOPROTOOPT' });
    expect(set(c, 'IPPROTO_IP', 'IP_TTL', 0)).toMatchObject({ code: 'EINVAL', detail: 'IP_TTL' });
    expect(set(c, 'SOL_SOCKET', 'SO_SNDBUF', 'big')).toMatchObject({ code: 'TYPE' });
    expect(get(-1, 'SOL_SOCKET', 'SO_TYPE')).toMatchObject({ code: 'EBADF' });
  });
});

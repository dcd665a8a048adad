import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type UnixEndpoint, unix } from '../../source/core/addresses/endpoint.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { expectFailure, hands, received, text } from './hands.ts';

/** Unix sockets on node:net, for where the C library cannot be called. */
const place = (): UnixEndpoint => {
  const folder = mkdtempSync(join(tmpdir(), 'sb-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return unix(join(folder, 'a'));
};

const make = () => hands(options => createNodeDriver(options, 'library'));

test('streams: bytes both ways, a half-close, and the file goes with the listener', async () => {
  const { call, socket, lastName } = make();
  const at = place();
  const s1 = await socket('AF_UNIX');
  expect(await call({ name: 'bind', on: s1, address: at })).toEqual({ kind: 'none', local: at });
  expect(await call({ name: 'listen', on: s1, backlog: 5 })).toMatchObject({ kind: 'none' });
  expect(statSync(at.path).mode & 0o777).toBe(0o600);
  const c1 = await socket('AF_UNIX');
  expect(await call({ name: 'connect', on: c1, address: at })).toMatchObject({ kind: 'none', peer: at });
  expect(await call({ name: 'accept', on: s1 })).toMatchObject({ kind: 'made', local: at });
  const a1 = lastName();
  await call({ name: 'sendall', on: c1, data: text('hello') });
  await call({ name: 'shutdown', on: c1, how: 'SHUT_WR' });
  expect(received(await call({ name: 'recv', on: a1, size: 5 }))).toBe('hello');
  expect(received(await call({ name: 'recv', on: a1, size: 5 }))).toBe('');
  await call({ name: 'sendall', on: a1, data: text('back') });
  expect(received(await call({ name: 'recv', on: c1, size: 9 }))).toBe('back');
  const s2 = await socket('AF_UNIX');
  expectFailure(await call({ name: 'bind', on: s2, address: at }), 'EADDRINUSE', 98, 'OSError');
  for (const on of [a1, c1, s1]) await call({ name: 'close', on });
  await expect.poll(() => existsSync(at.path)).toBe(false);
});

test('addresses that cannot be had fail as the kernel says', async () => {
  const { call, socket } = make();
  const on = await socket('AF_UNIX');
  const absent = unix(`${place().path}/absent`);
  expectFailure(await call({ name: 'connect', on, address: place() }), 'ENOENT', 2, 'FileNotFoundError');
  expectFailure(await call({ name: 'bind', on, address: absent }), 'ENOENT', 2, 'FileNotFoundError');
});

test('datagrams are missing, and the call says why', async () => {
  const { call } = make();
  const outcome = await call({ name: 'socket', on: '', family: 'AF_UNIX', type: 'SOCK_DGRAM' });
  expect(outcome).toMatchObject({ kind: 'error', code: 'UNSUPPORTED' });
});

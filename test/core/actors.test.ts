import { expect, test } from 'vitest';
import {
  actorNamed,
  actorTitle,
  isActor,
  isProgram,
  perProgram,
  programs,
  socketLetters,
} from '../../source/core/model/actors.ts';
import { isSocketName } from '../../source/core/model/names.ts';
import { holderOfThread, isThreadName, threadKind, threadTitle } from '../../source/core/model/threads.ts';
import { actorsSaid } from '../../source/formats/session/upgrade.ts';
import { at, createPlaybook, stateOf } from '../support/entries.ts';

test('programs are the rows of the table, in its order', () => {
  expect(programs).toEqual(['client', 'tcp-server', 'udp-server']);
  expect(Object.keys(perProgram(name => name))).toEqual([...programs]);
  expect(['client', 'p1', 'p12', 'p', 'p0', 'toString', ''].filter(isActor)).toEqual(['client', 'p1', 'p12']);
  expect([isProgram('p1'), isProgram('__proto__')]).toEqual([false, false]);
  expect([actorTitle('tcp-server'), actorTitle('p3')]).toEqual(['TCP server', 'p3']);
});

test('a name that a line gives chooses the program, by the letters of the table', () => {
  expect(['c1', 's2', 'a3', 'u4', 'x5', ''].map(actorNamed)).toEqual([
    'client',
    'tcp-server',
    'tcp-server',
    'udp-server',
    undefined,
    undefined,
  ]);
  expect(['c1', 'a12', 'c0', 'c', 'cc1', 'f1', 'x1'].filter(isSocketName)).toEqual(['c1', 'a12']);
});

test('each letter is of one program, and none is that of files or processes', () => {
  expect(new Set(socketLetters).size).toBe(socketLetters.length);
  expect(socketLetters).not.toMatch(/[fp]/);
});

test('a thread has the name of its actor or of its socket', () => {
  const threads = ['client', 'p1', 'c1', 'c1.r', 'c1.w'];
  expect(threads.map(threadKind)).toEqual(['one', 'one', 'own', 'reader', 'writer']);
  expect(threads.map(holderOfThread)).toEqual(['client', 'p1', 'c1', 'c1', 'c1']);
  expect([...threads, 'x1', 'c1.x', ''].filter(isThreadName)).toEqual(threads);
  expect(threads.map(threadTitle)).toEqual([
    "client's one thread",
    "p1's one thread",
    "c1's thread",
    "c1's reader",
    "c1's writer",
  ]);
});

test("a socket is its maker's, whatever it is called", () => {
  const book = createPlaybook();
  const make = book.socket('c1');
  Object.assign(make, { actor: 'p7' });
  book.bind('c1', at(9000));
  expect(stateOf(book).sockets.get('c1')).toMatchObject({ name: 'c1', actor: 'p7' });
});

test.each([
  ['c1.recv 10', 'c1.r', {}, 'client'],
  ['a1 = s1.accept', 's1.r', {}, 'tcp-server'],
  ['u1 = socket AF_INET SOCK_DGRAM', '', { kind: 'made', name: 'u1' }, 'udp-server'],
  ['socket AF_INET SOCK_STREAM', '', { kind: 'made', name: 's4' }, 'tcp-server'],
  ['socket AF_INET SOCK_STREAM', '', { kind: 'error', code: 'EMFILE' }, 'client'],
  ['f1.read', 'a3.r', {}, 'tcp-server'],
  ['f1.read', 'udp-server', {}, 'udp-server'],
  ['f1.close', '', {}, ''],
  ['getaddrinfo "localhost" 80', '', {}, ''],
  [7, 'constructor', 'x', ''],
])('version 1 said by names whose a call is: %s on %s', (call, thread, outcome, actor) => {
  expect(actorsSaid.entry!({ kind: 'ended', call, thread, outcome })).toMatchObject({ actor });
});

import { expect, test } from 'vitest';
import { createTraced } from '../../../source/cli/tracing/trace-teller.ts';
import { unix } from '../../../source/core/addresses/endpoint.ts';
import { formatCall } from '../../../source/core/language/line.ts';
import { formatOutcome } from '../../../source/core/words/outcome-text.ts';
import type { BesideStrace } from '../../../source/traces/strace/beside.ts';
import { createStraceReader } from '../../../source/traces/strace/reader.ts';
import type { Step } from '../../../source/traces/strace/steps.ts';
import type { FoundSocket } from '../../../source/traces/strace/traced-sockets.ts';
import { createTranslator } from '../../../source/traces/strace/translator.ts';

/** What strace tells of process 7, and what the kernel has of sockets by their numbers. */
const stepsOf = (lines: string, kernel: Readonly<Record<number, FoundSocket>> = {}): Step[] => {
  const beside: BesideStrace = {
    ownerOf: () => null,
    socketOf: inode => kernel[inode] ?? null,
    callOf: () => null,
    epollOf: () => [],
  };
  const translator = createTranslator(beside, createTraced().names);
  const reader = createStraceReader();
  translator.add(7, 'started', 1_000_000);
  return lines
    .trim()
    .split('\n')
    .flatMap((line, n) => {
      const timed = line.trim().replace(/^(\d+) /, `$1 1000.${String(n + 1).padStart(3, '0')} `);
      return translator.take(reader.take(Buffer.from(`${timed}\n`)));
    });
};

const told = (steps: readonly Step[]): string[] =>
  steps.flatMap(step =>
    step.kind === 'end' ? [`${formatCall(step.call)} = ${formatOutcome(step.outcome, step.call)}`] : [],
  );

/** Name, addresses and holders of each socket as it was told last. */
const socketsIn = (steps: readonly Step[]) =>
  Object.fromEntries(
    steps.flatMap(step => {
      if (step.kind !== 'socket') return [];
      const { name, family, type, local, peer } = step.socket;
      const holders = step.holders.map(({ actor, fd }) => `${actor}/${fd}`);
      return [[name, { family, type, local, peer, holders }] as const];
    }),
  );

const accepted: FoundSocket = {
  family: 'AF_UNIX',
  type: 'SOCK_STREAM',
  local: unix('/run/a'),
  peer: unix('', 101),
  listening: false,
};

test('a path, and the two ends of a connection to it, the one without a name by its number', () => {
  const steps = stepsOf(
    `7 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3<socket:[100]> <0.0>
7 bind(3<socket:[100]>, {sa_family=AF_UNIX, sun_path="/run/a"}, 9) = 0 <0.0>
7 listen(3<socket:[100]>, 5) = 0 <0.0>
7 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 4<socket:[101]> <0.0>
7 connect(4<socket:[101]>, {sa_family=AF_UNIX, sun_path="/run/a"}, 9) = 0 <0.0>
7 accept4(3<socket:[100]>, {sa_family=AF_UNIX}, [110 => 2], SOCK_CLOEXEC) = 5<socket:[102]> <0.0>
7 getpeername(5<socket:[102]>, {sa_family=AF_UNIX}, [110 => 2]) = 0 <0.0>
7 sendto(4<socket:[101]>, "hi", 2, 0, NULL, 0) = 2 <0.0>
7 recvfrom(5<socket:[102]>, "hi", 100, 0, NULL, NULL) = 2 <0.0>`,
    { 102: accepted },
  );
  expect(told(steps)).toEqual([
    'socket AF_UNIX SOCK_STREAM = p1.3',
    'p1.3.bind unix:/run/a = ok',
    'p1.3.listen 5 = ok',
    'socket AF_UNIX SOCK_STREAM = p1.4',
    'p1.4.connect unix:/run/a = ok',
    'p1.3.accept = p1.5 from unix:""',
    'p1.5.getpeername = unix:""',
    'p1.4.send "hi" = 2',
    'p1.5.recv 100 = "hi"',
  ]);
  expect(steps).toContainEqual(
    expect.objectContaining({
      outcome: { kind: 'made', name: 'p1.5', local: unix('/run/a'), peer: unix('', 101) },
    }),
  );
  expect(steps).toContainEqual(
    expect.objectContaining({ outcome: { kind: 'none', local: unix('', 101), peer: unix('/run/a') } }),
  );
});

test('an abstract name, and datagrams to it', () => {
  const steps = stepsOf(`7 socket(AF_UNIX, SOCK_DGRAM, 0) = 3<socket:[100]> <0.0>
7 bind(3<socket:[100]>, {sa_family=AF_UNIX, sun_path=@"name"}, 7) = 0 <0.0>
7 socket(AF_UNIX, SOCK_DGRAM, 0) = 4<socket:[101]> <0.0>
7 sendto(4<socket:[101]>, "d", 1, 0, {sa_family=AF_UNIX, sun_path=@"name"}, 7) = 1 <0.0>
7 recvfrom(3<socket:[100]>, "d", 100, 0, {sa_family=AF_UNIX}, [110 => 2]) = 1 <0.0>`);
  expect(told(steps).slice(1)).toEqual([
    'p1.3.bind unix:@name = ok',
    'socket AF_UNIX SOCK_DGRAM = p1.4',
    'p1.4.sendto "d" unix:@name = 1',
    'p1.3.recvfrom 100 = "d" from unix:""',
  ]);
});

test('a pair: each is the other’s peer, and a fork has both', () => {
  const steps =
    stepsOf(`7 socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, [3<socket:[100]>, 4<socket:[101]>]) = 0 <0.0>
7 clone(child_stack=NULL, flags=SIGCHLD) = 8 <0.0>
8 close(3<socket:[100]>) = 0 <0.0>
8 read(4<socket:[101]>, "x", 1) = 1 <0.0>`);
  expect(socketsIn(steps)).toMatchObject({
    'p1.3': { family: 'AF_UNIX', local: unix('', 100), peer: unix('', 101), holders: ['p1/3'] },
    'p1.4': { local: unix('', 101), peer: unix('', 100), holders: ['p1/4', 'p2/4'] },
  });
  expect(told(steps)).toEqual(['p1.4.recv 1 = "x"']);
});

test('a socket that is handed over a Unix socket keeps its name, and has both for holders', () => {
  const steps = stepsOf(`7 socketpair(AF_UNIX, SOCK_STREAM, 0, [3<socket:[100]>, 4<socket:[101]>]) = 0 <0.0>
7 clone(child_stack=NULL, flags=SIGCHLD) = 8 <0.0>
7 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5<socket:[200]> <0.0>
7 sendmsg(3<socket:[100]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="fd", iov_len=2}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5<socket:[200]>]}], msg_controllen=24, msg_flags=0}, 0) = 2 <0.0>
8 recvmsg(4<socket:[101]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="fd", iov_len=100}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[9<socket:[200]>]}], msg_controllen=24, msg_flags=0}, 0) = 2 <0.0>
8 shutdown(9<socket:[200]>, SHUT_WR) = 0 <0.0>`);
  expect(told(steps)).toEqual([
    'socket AF_INET SOCK_STREAM = p1.5',
    'p1.3.send "fd" = 2',
    'p1.4.recv 100 = "fd"',
    'p1.5.shutdown SHUT_WR = ok',
  ]);
  expect(socketsIn(steps)['p1.5']).toMatchObject({ holders: ['p1/5', 'p2/9'] });
});

test('packets that are told apart are no type that is told, nor are standard streams that are Unix sockets', () => {
  const steps = stepsOf(
    `7 socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3<socket:[100]>, 4<socket:[101]>]) = 0 <0.0>
7 sendto(3<socket:[100]>, "x", 1, 0, NULL, 0) = 1 <0.0>
7 write(1<socket:[102]>, "printed", 7) = 7 <0.0>`,
    { 102: accepted },
  );
  expect(steps.map(({ kind }) => kind)).toEqual(['process']);
});

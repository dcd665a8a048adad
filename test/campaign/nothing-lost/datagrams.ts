import { spawnSync } from 'node:child_process';
import { createReadStream, readFileSync } from 'node:fs';
import { startFastPeer } from '../../bench/peers/peers.ts';
import { type Campaign, eachInput, type Input } from '../campaign.ts';
import { eventually } from '../eventually.ts';
import { expectSame, inPlace, program } from './place.ts';
import { type Line, linesOf, receivedIn } from './recorded.ts';

const loopbackOnly = ['unshare', '-n', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

/** Where nothing else sends datagrams, /proc/net/snmp counts these alone. */
const canBeAlone = spawnSync(loopbackOnly[0]!, [...loopbackOnly.slice(1), 'true']).status === 0;

const largest = 2_000;

/** Of the socket on that port: bytes that nobody has received, and datagrams dropped (proc(5), /proc/net/udp). */
const socketOn = (pid: number, port: number): { readonly waiting: number; readonly drops: number } => {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const row = readFileSync(`/proc/${pid}/net/udp`, 'utf8')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .find(columns => columns[1]?.endsWith(local));
  if (!row) throw new Error(`no socket on port ${port} in /proc/net/udp`);
  return { waiting: Number.parseInt(row[4]!.split(':')[1]!, 16), drops: Number(row.at(-1)) };
};

/** What the kernel counted of all datagrams (RFC 4113; RcvbufErrors are Linux's own): two lines, of names and of numbers. */
const udpCounts = (pid: number): Readonly<Record<string, number>> => {
  const [names = [], numbers = []] = readFileSync(`/proc/${pid}/net/snmp`, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('Udp:'))
    .map(line => line.split(' '));
  return Object.fromEntries(names.map((name, at) => [name, Number(numbers[at])]));
};

/** What a recording has of datagrams: how many, how many out of their order, and how many it says were dropped. */
const journalled = async (file: string) => {
  let [count, last, unordered, drops, found] = [0, -1, 0, 0, 0];
  for await (const text of linesOf(createReadStream(file))) {
    const line: Line = JSON.parse(text);
    const datagram = receivedIn(line);
    if (datagram) {
      count++;
      const number = Number(datagram.readBigUInt64LE(0));
      if (number <= last) unordered++;
      last = number;
    }
    if (line.kind === 'sample') drops = line.sockets?.find(({ socket }) => socket === 'u1')?.drops ?? drops;
    if (line.finding?.name === 'datagrams-lost') found = line.finding.count;
  }
  return { count, unordered, drops, found };
};

const flood = ({ seed, timed }: Input) =>
  inPlace(async place => {
    const file = place.file('session.jsonl');
    const words = ['--record', file, 'listen', 'udp://127.0.0.1:0'];
    const [command, first, ...rest] = loopbackOnly;
    const terminal = place.screen(
      canBeAlone
        ? { command: command!, program: first!, args: [...rest, process.execPath, program, ...words] }
        : { args: words },
    );
    await terminal.ready();
    await terminal.until(/u1 .*127\.0\.0\.1:\d+/);
    const [pid, port] = [terminal.pid()!, Number(/u1 .*127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1])];
    const around = canBeAlone ? ['nsenter', '-t', String(pid), '-n'] : [];
    // The program has sent itself some, to learn what this machine can do.
    const before = udpCounts(pid);
    const count = timed ? 400_000 : 2_000;
    const sender = place.peer(await startFastPeer('udp-flood', [port, count, largest, seed + 1], around));
    const sent = Number((await sender.until(/^sent (\d+) /m))[1]);
    const { drops } = await eventually(
      () => socketOn(pid, port),
      ({ waiting }) => waiting === 0,
    );
    await eventually(
      () => journalled(file),
      kept => kept.count + kept.drops === sent && kept.found === kept.drops,
    );
    const after = udpCounts(pid);
    const counted = (name: string) => after[name]! - before[name]!;
    terminal.kill('SIGTERM');
    if ((await terminal.exited) !== 143) throw new Error(`it ended with ${terminal.exitCode()}`);
    const kept = await journalled(file);
    if (kept.unordered > 0) throw new Error(`${kept.unordered} datagrams are out of their order`);
    expectSame({
      'sent, as the kernel took them': String(sent),
      'journalled, and dropped as the kernel says': String(kept.count + drops),
      'journalled, and dropped as the journal says': String(kept.count + kept.drops),
      'journalled, and dropped as the finding says': String(kept.count + kept.found),
      ...(canBeAlone && {
        'received, and dropped, in /proc/net/snmp': String(counted('InDatagrams') + counted('RcvbufErrors')),
      }),
    });
    if (canBeAlone && counted('RcvbufErrors') !== drops)
      throw new Error(`${drops} dropped in /proc/net/udp, ${counted('RcvbufErrors')} in /proc/net/snmp`);
  });

/** A datagram is in the journal, or among those that the kernel says it has dropped. */
export const datagrams: Campaign = {
  name: 'datagrams',
  is: 'a flood of datagrams of any size: each is journalled, or counted as the kernel counts it',
  small: 1,
  full: 10,
  share: 0.5,
  patience: 300,
  lacks: () => (process.platform === 'linux' ? null : 'no /proc/net here'),
  run: eachInput(flood),
};

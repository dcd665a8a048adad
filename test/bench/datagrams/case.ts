import { readFileSync } from 'node:fs';
import type { BenchCase, Contender } from '../case.ts';
import { inLanguage, peerLanguage, startFastPeer } from '../peers/peers.ts';
import { portOf, resultOf, stopping, subject } from '../subject.ts';

/** Datagrams the kernel dropped on an IPv4 port: the last column of /proc/net/udp (proc(5)). */
const dropped = (port: number): number => {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const row = readFileSync('/proc/net/udp', 'utf8')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .find(columns => columns[1]?.endsWith(local));
  if (!row) throw new Error(`no socket on port ${port} in /proc/net/udp`);
  return Number(row.at(-1));
};

const language = await peerLanguage();

/** A sender of full speed floods the receiver; what the receiver counts and the kernel drops is all that was sent. */
const contender = (name: string, file: string): Contender => ({
  name,
  run: async size => {
    const receiver = subject(`datagrams/${file}`);
    return stopping([receiver], async () => {
      const port = await portOf(receiver);
      const sender = await startFastPeer('udp-flood', [port, size, 64]);
      const [, taken] = await stopping([sender], () => sender.until(/^sent (\d+) /m));
      const sent = Number(taken);
      let counted = -1;
      for (let question = 1; ; question++) {
        receiver.say('count');
        const [, figure] = await receiver.until(new RegExp(`^count ${question} (\\d+)$`, 'm'));
        const now = Number(figure);
        if (now + dropped(port) === sent) break;
        if (now === counted) throw new Error(`${sent} sent, ${now} counted, ${dropped(port)} dropped`);
        counted = now;
      }
      receiver.say('end');
      return resultOf(receiver);
    });
  },
});

export const datagrams: BenchCase = {
  name: 'datagrams',
  what: `64-byte datagrams received a second, each journalled, none uncounted; a flood ${inLanguage(language)}`,
  unit: 'datagrams/s',
  better: 'more',
  rounds: 7,
  size: 3_000_000,
  tinySize: 500,
  contenders: [
    contender('sockbench', 'sockbench.ts'),
    contender('raw node:dgram', 'node.ts'),
    contender('Python recvfrom_into', 'python.py'),
  ],
  aims: [{ of: 'sockbench', beside: 'raw node:dgram', ratio: 0.9 }],
};

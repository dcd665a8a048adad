import { createToldSource } from '../../source/bench/processes/told-source.ts';
import { createTraced, createTraceTeller } from '../../source/cli/tracing/trace-teller.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import type { BesideStrace } from '../../source/traces/strace/beside.ts';
import { createStraceReader } from '../../source/traces/strace/reader.ts';
import { createTranslator } from '../../source/traces/strace/translator.ts';

/** A kernel that has forgotten every socket by the time at which it is asked. */
const tooLate: BesideStrace = {
  ownerOf: () => null,
  socketOf: () => null,
  callOf: () => null,
  epollOf: () => [],
};

/** Numbers that no process has: its name is asked of the machine. */
export const [server, client] = [5_000_001, 5_000_002] as const;

/** The entries of a trace, from lines of strace without their times, which count up by a millisecond. */
export const tracedEntries = (lines: string): readonly Entry[] => {
  const source = createToldSource('trace');
  const { traced, names } = createTraced();
  const tell = createTraceTeller(source, traced);
  const translator = createTranslator(tooLate, names);
  const reader = createStraceReader();
  for (const pid of [server, client]) translator.add(pid, 'found', source.began);
  const stamp = (n: number) => ((source.began + n) / 1000).toFixed(6);
  for (const [n, line] of lines.trim().split('\n').entries()) {
    const timed = line.trim().replace(/^(\d+) /, `$1 ${stamp(n + 1)} `);
    tell(translator.take(reader.take(Buffer.from(`${timed}\n`))));
  }
  source.flush();
  return Array.from({ length: source.journal.last() }, (_, n) => source.journal.at(n + 1)!);
};

const at = (port: number, host = '127.0.0.1') =>
  `{sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("${host}")}`;

/** The base server of a text for beginners, and a client that greets it: `asks`: CPython asks what it accepts for its name. */
export const greeting = (asks = true): string =>
  `
${server} socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3<socket:[100]> <0.0>
${server} bind(3<socket:[100]>, ${at(51423, '0.0.0.0')}, 16) = 0 <0.0>
${server} listen(3<socket:[100]>, 1) = 0 <0.0>
${client} socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 4<socket:[200]> <0.0>
${client} connect(4<socket:[200]>, ${at(51423)}, 16) = 0 <0.0>
${server} accept4(3<socket:[100]>, ${at(40000)}, [16], SOCK_CLOEXEC) = 5<socket:[101]> <0.0>
${asks ? `${server} getsockname(5<socket:[101]>, ${at(51423)}, [16]) = 0 <0.0>` : ''}
${client} sendto(4<socket:[200]>, "hello", 5, 0, NULL, 0) = 5 <0.0>
${server} recvfrom(5<socket:[101]>, "hello", 100, 0, NULL, NULL) = 5 <0.0>
${client} close(4<socket:[200]>) = 0 <0.0>
${server} recvfrom(5<socket:[101]>, "", 100, 0, NULL, NULL) = 0 <0.0>
${server} close(5<socket:[101]>) = 0 <0.0>
`.replace(/\n+/g, '\n');

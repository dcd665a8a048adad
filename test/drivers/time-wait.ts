import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** So many more may come from other programs before the test's own. */
const margin = 1_000;

const inTimeWait = (): number =>
  Number(/^TCP:.* tw (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.[1] ?? 0);

const most = (): number => Number(readFileSync('/proc/sys/net/ipv4/tcp_max_tw_buckets', 'utf8'));

/**
 * Resolves once the kernel would keep one more TIME-WAIT: beyond tcp_max_tw_buckets it closes connections without one
 * (ip-sysctl), as after a benchmark of connections. Each lasts 60 s.
 */
export const roomForTimeWait = async (): Promise<void> => {
  while (inTimeWait() + margin > most()) await pause(250);
};

import { key } from '../e2e/keys.ts';
import type { Played } from './play-scene.ts';
import { type Act, textbook } from './scenes.ts';

/** What is done, what is then said under the screen, and for how many seconds it stands. */
type Shot = { readonly acts: readonly Act[]; readonly says: string; readonly seconds: number };

/** A moving picture: screens of one run of the program, one after the other. */
export type Film = Played & { readonly shots: readonly Shot[] };

/** THE list of moving pictures. `npm run screenshots` makes them, fresh.test.ts looks whether they still hold. */
export const films: readonly Film[] = [
  {
    name: 'my-server-hangs',
    about:
      'A server listens, a client connects, both call recv: the bench says DEADLOCK, who waits for whom, and what ends it.',
    args: ['listen', '127.0.0.1:0', '--config', textbook],
    cols: 100,
    rows: 30,
    shortLog: true,
    shots: [
      {
        acts: [{ until: [/s1 LISTEN 127\.0\.0\.1:\d+/] }],
        says: 'A server listens. Nobody has called accept yet.',
        seconds: 2.5,
      },
      {
        acts: [
          { type: '1c' },
          { until: [/address/] },
          { type: key.enter },
          { until: [/c1 ESTAB/, /q quit/, /1 waiting/] },
        ],
        says: 'c Enter: a client connects. ESTAB, and still nobody has accepted it.',
        seconds: 3.5,
      },
      {
        acts: [{ type: '2a' }, { until: [/= a1 from/] }],
        says: '2 a: the server accepts. The connection is a1 there.',
        seconds: 3,
      },
      {
        acts: [{ type: '2r' }, { until: [/a1\.recv 4KiB BLOCKED/, /a1\.recv BLOCKED.* waits for you/] }],
        says: 'r: the server calls recv. BLOCKED: since when, until when, and on whom.',
        seconds: 3.5,
      },
      {
        acts: [{ type: '1r' }, { until: [/DEADLOCK: /, /\(kernel\)/] }],
        says: '1 r: so does the client. Now both wait for each other, for good.',
        seconds: 4,
      },
      {
        acts: [{ type: 'w' }, { until: [/broken by/] }],
        says: 'w: why. Who waits for whom, and what would end it.',
        seconds: 5,
      },
      {
        acts: [
          { type: key.escape },
          { until: [/q quit/] },
          { type: '1x' },
          { until: [/INTERRUPTED/] },
          { type: 's' },
          { until: [/send to c1 >/] },
          { type: `ping${key.enter}` },
          { until: [/a1\.recv[^=\n]* = "ping/] },
          { type: key.escape },
          { until: [/q quit/] },
        ],
        says: 'x, s ping Enter: cancel one recv, send instead. The server has its answer.',
        seconds: 5,
      },
    ],
  },
];

import { afterAll, describe, expect, it } from 'vitest';
import { keyMark, withKeys } from '../../source/commands/calling/key-text.ts';
import { findLab, labNames } from '../../source/labs/catalogue.ts';
import type { Lab } from '../../source/labs/lab.ts';
import { patient } from '../support/patient.ts';
import { tableKeysIn } from '../support/rebound.ts';
import { tableKeys } from '../support/words.ts';
import { run } from './running.ts';

/** The names that lessons, README and other people's notes rely on. */
const fixed = [
  'tour',
  'backlog',
  'blocking-accept',
  'broadcast',
  'broken-pipe',
  'client-program',
  'connect',
  'connect-timeout',
  'deadlock-echo',
  'deadlock-read',
  'deadlock-write',
  'echo-server',
  'error-gaierror',
  'error-herror',
  'error-refused',
  'error-timeout',
  'file-object',
  'half-close',
  'ipv6-dual-stack',
  'multicast',
  'nonblocking',
  'one-at-a-time',
  'relay-backpressure',
  'remedy-less',
  'remedy-recv',
  'remedy-threads',
  'remedy-timeouts',
  'reset',
  'same-port',
  'server',
  'server-program',
  'service-names',
  'slow-reader',
  'stream-boundaries',
  'time-wait',
  'tls-handshake',
  'udp-connect',
  'udp-loss',
  'udp-no-end',
  'udp-oversize',
  'udp-server',
  'udp-truncation',
  'udp-unreachable',
  'unix-socket',
  'zero-length',
];

const labOf = async (name: string): Promise<Lab> => {
  const read = await findLab(name);
  if (!read.ok) throw new Error(read.message);
  return read.lab;
};

const chinese = /\p{Script=Han}/u;

it('the built-in labs have the names that others rely on, the tour first', async () => {
  const names = await labNames();
  expect(names[0]).toBe('tour');
  expect([...names].sort()).toEqual([...fixed].sort());
});

const skipped: string[] = [];
afterAll(() => {
  if (skipped.length > 0) console.info(skipped.join('\n'));
});

describe.each(fixed)('%s', name => {
  it('is named as its file, and every stage says what it shows, in English and in Chinese', async () => {
    const lab = await labOf(name);
    expect(lab.name).toBe(name);
    for (const words of [lab.title, ...lab.stages.map(stage => stage.say)]) {
      expect(words.en).toMatch(/[a-z]/);
      expect(words.zh).toMatch(chinese);
      expect(words.zh).not.toMatch(/[,;!?](?=\p{Script=Han})/u);
    }
    for (const { say } of lab.stages) expect(withKeys(say.en, tableKeys).length).toBeLessThan(600);
  });

  it('names keys by the commands that they call, and no other', async () => {
    for (const { say } of (await labOf(name)).stages)
      for (const words of [say.en, say.zh]) {
        for (const [, command] of words.matchAll(keyMark)) expect(tableKeys(command!), command).not.toBe('');
        expect(tableKeysIn(words).filter(found => !found.startsWith('Ctrl-C in'))).toEqual([]);
      }
  });

  it('has no port of its own, and stays on this machine', async () => {
    const lab = await labOf(name);
    for (const { text } of lab.stages.flatMap(stage => stage.lines)) {
      const line = text.replace(/#.*$/, '');
      const port = /\.(?:bind|connect|sendto)\b.*?:(\d+)(?=\s|$)/.exec(line)?.[1];
      expect(['0', '70000', undefined], text).toContain(port);
      for (const [address = ''] of line.matchAll(/\b\d+\.\d+\.\d+\.\d+\b/g))
        expect(address).toMatch(/^(127\.|0\.0\.0\.0$|239\.)/);
    }
  });
});

/** Several at a time: most of a lab is waiting, and what each measures is judged generously. */
describe('passes', () => {
  it.concurrent.each(fixed)('%s', async name => {
    const { report } = await run(patient(await labOf(name)));
    if (report.skipped > 0) skipped.push(...report.messages);
    expect(report.messages.filter(message => message.includes('FAILED'))).toEqual([]);
    expect(report.failed).toBe(0);
    expect(report.passed + report.skipped).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from 'vitest';
import { commandLine } from '../labs/command-line.ts';

const run = (...words: readonly string[]) => commandLine('run', ...words);

const nobody = 'c1.connect 127.0.0.1:1';

describe('an error that no line expects', () => {
  it('fails its line, and no later line runs', async () => {
    const { code, out, err } = await run('-e', 'c1 = socket', nobody, 'c1.close');
    expect(code).toBe(1);
    expect(err).toContain(`FAILED ${nobody}\n  expected no error, found ECONNREFUSED`);
    expect(out).not.toContain('c1.close');
    expect(out).toMatch(/^0 passed, 1 failed, 0 skipped$/m);
  });

  it.each(['-k', '--keep-going'])('with %s lets later lines run', async flag => {
    const { code, out } = await run(flag, '-e', 'c1 = socket', nobody, 'c1.close');
    expect(code).toBe(1);
    expect(out).toContain('c1.close = ok');
  });

  it.each([
    ['=> any', nobody],
    ['its own name', nobody],
  ])('is expected by %s', async expected => {
    const arrow = expected === '=> any' ? expected : '=> ECONNREFUSED';
    expect(await run('-e', 'c1 = socket', `${nobody} ${arrow}`)).toMatchObject({ code: 0 });
  });

  it('an expectation that fails lets later lines run', async () => {
    const { code, out } = await run('-e', 'c1 = socket', `${nobody} => ok`, 'c1.close');
    expect(code).toBe(1);
    expect(out).toContain('c1.close = ok');
  });

  it('of a call that nobody waited for counts at the end, with its line', async () => {
    const { code, err } = await run('-e', 'c1 = socket', `${nobody} &`);
    expect(code).toBe(1);
    expect(err).toContain(`line 2: FAILED ${nobody} &\n  expected no error, found ECONNREFUSED`);
  });

  it('of a call that a line waits for fails the line that waits', async () => {
    const { code, err } = await run('-e', 'c1 = socket', `${nobody} &`, 'wait c1.connect');
    expect(code).toBe(1);
    expect(err).toContain('FAILED wait c1.connect');
    expect(err).not.toContain('line 2');
  });
});

const listener = ['s1 = socket', 's1.bind 127.0.0.1:0', 's1.listen'];

describe('what somebody ended is no error', () => {
  it.each<[string, readonly string[]]>([
    ['by the end of the run', ['s1.accept &']],
    ['by cancel', ['s1.accept &', 'cancel s1.accept']],
    ['by cancel, waited for', ['s1.accept &', 'cancel s1.accept', 'wait s1.accept => KeyboardInterrupt']],
    ['by cancel, expected and waited for', ['s1.accept &', 'cancel s1.accept => any', 'wait s1.accept']],
  ])('%s', async (_, lines) => {
    expect(await run('-e', ...listener, ...lines)).toMatchObject({ code: 0 });
  });

  it('a wait finds a call that goes on before one that was cancelled', async () => {
    const { code, err } = await run(
      '-e',
      ...listener,
      'me = s1.getsockname',
      's1.accept &',
      'cancel s1.accept',
      's1.accept &',
      'c1 = socket',
      'c1.connect $me',
      'wait s1.accept => a1',
      'wait s1.accept => KeyboardInterrupt',
      'wait s1.accept',
    );
    expect(code).toBe(1);
    expect(err).toContain('no s1.accept was started and not waited for');
    expect(err.match(/FAILED/g)).toHaveLength(1);
  });
});

describe('a run that takes too long', () => {
  it('ends with 1, and says the line, the call and for whom it waits', async () => {
    const words = ['me = s1.getsockname', 'c1 = socket', 'c1.connect $me', 'a1 = s1.accept', 'c1.recv 10'];
    const { code, err } = await run('--timeout', '300ms', '-e', ...listener, ...words);
    expect(code).toBe(1);
    expect(err).toMatch(
      /line 8: FAILED c1\.recv 10\n {2}not done within 300ms: c1\.recv 10 was blocked, waiting for a1 to send/,
    );
  });

  it.each([
    ['soon', /--timeout: "soon" is no time/],
    ['none', /--timeout: none is no length of time/],
  ])('--timeout %s is refused', async (time, message) => {
    const { code, err } = await run('--timeout', time, '-e', 'c1 = socket');
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});

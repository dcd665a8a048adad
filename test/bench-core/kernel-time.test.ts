import { describe, expect, test } from 'vitest';
import { kernelTime, timedOut } from '../../source/bench/engine/kernel-time.ts';
import { createRegistry } from '../../source/bench/engine/registry.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { calls } from '../../source/core/calls/calls.ts';
import { parseCall } from '../../source/core/language/line.ts';

const callOf = (line: string): Call => {
  const call = parseCall(line);
  if (!call.ok) throw new Error(call.message);
  return call.value;
};

describe('SO_RCVTIMEO and SO_SNDTIMEO', () => {
  const registry = createRegistry();
  registry.ended(callOf('socket'), { kind: 'made', name: 's1' });
  for (const line of ['SO_RCVTIMEO 250ms', 'SO_SNDTIMEO 2']) {
    registry.ended(callOf(`s1.setsockopt SOL_SOCKET ${line}`), { kind: 'none' });
  }
  registry.ended(callOf('s1.accept'), { kind: 'made', name: 'a1' });

  test.each([
    ['a1.recv 1', 250],
    ['a1.recvfrom 1', 250],
    ['s1.accept', 250],
    ['a1.send "x"', 2000],
    ['a1.sendall "x"', 2000],
    ['a1.connect 127.0.0.1:9', 2000],
    ['a1.getsockname', 0],
  ])('%s may wait %i ms for the kernel, on what a listener has accepted too', (line, ms) => {
    expect(kernelTime(registry.socket(line.slice(0, 2))!, calls[callOf(line).name])).toBe(ms);
  });

  test('0, none and less than nothing are no limit (socket(7))', () => {
    for (const time of ['0', 'none', '-1']) {
      registry.ended(callOf('a1.setsockopt SOL_SOCKET SO_RCVTIMEO 1s'), { kind: 'none' });
      registry.ended(callOf(`a1.setsockopt SOL_SOCKET SO_RCVTIMEO ${time}`), { kind: 'none' });
      expect(kernelTime(registry.socket('a1')!, calls.recv)).toBe(0);
    }
  });

  test('then a receive is EAGAIN, a connect goes on, and a send counts what was taken', () => {
    expect(timedOut(callOf('a1.recv 1'), 0)).toEqual({ kind: 'error', code: 'EAGAIN' });
    expect(timedOut(callOf('a1.connect 127.0.0.1:9'), 0)).toEqual({ kind: 'error', code: 'EINPROGRESS' });
    expect(timedOut(callOf('a1.send "x"'), 0)).toEqual({ kind: 'error', code: 'EAGAIN' });
    expect(timedOut(callOf('a1.send "xyz"'), 2)).toEqual({ kind: 'count', count: 2 });
    expect(timedOut(callOf('a1.sendto "xyz" 127.0.0.1:9'), 2)).toEqual({ kind: 'count', count: 2 });
    // CPython's BufferedWriter raises BlockingIOError.
    expect(timedOut(callOf('f1.write "xyz"'), 2)).toEqual({ kind: 'error', code: 'EAGAIN', count: 2 });
    // Without a buffer it is one send, and None where there is nothing to count.
    expect(timedOut(callOf('f1.write "xyz"'), 2, true)).toEqual({ kind: 'count', count: 2, passed: 2 });
    expect(timedOut(callOf('f1.write "xyz"'), 0, true)).toEqual({ kind: 'none' });
    expect(timedOut(callOf('a1.sendall "xyz"'), 2)).toEqual({ kind: 'error', code: 'EAGAIN', count: 2 });
  });
});

import { describe, expect, test } from 'vitest';
import type { Lane, WaitsFor } from '../../source/core/calls/call-spec.ts';
import { callNames, calls } from '../../source/core/calls/calls.ts';

const lanes: Readonly<Record<WaitsFor, Lane>> = {
  bytes: 'reader',
  client: 'reader',
  handshake: 'reader',
  tls: 'reader',
  room: 'writer',
  answer: 'none',
  ready: 'reader',
};

describe.each(callNames)('%s', name => {
  const { lane, waits, moves, returns, asks } = calls[name];

  test('takes the lane of what it waits for', () => {
    expect(lane).toBe(waits === null ? 'none' : lanes[waits]);
  });

  test('waits for bytes to take them, for room to give them', () => {
    const received = returns === 'bytes' || returns === 'datagram';
    expect(moves === 'in').toBe(received);
    expect([moves === 'in', moves === 'out']).toEqual([waits === 'bytes', waits === 'room']);
  });

  test('waits for an answer where somebody else than the kernel is asked', () => {
    expect(waits === 'answer').toBe(asks === 'resolver' || asks === 'services');
  });
});

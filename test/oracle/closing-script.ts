import fc from 'fast-check';

/**
 * One step of a script on one connection: a call on the socket c, on its file object number `file` (of those made so
 * far), or on its peer, `p.`. Every call has a thread of its own, and the next step comes when it has ended or blocks.
 */
export type ClosingStep =
  | { readonly call: 'makefile'; readonly mode: string; readonly buffering: number | null }
  | { readonly call: 'recv'; readonly size: number }
  | { readonly call: 'send'; readonly data: string }
  | { readonly call: 'shutdown'; readonly how: 'SHUT_RD' | 'SHUT_WR' }
  | { readonly call: 'settimeout'; readonly timeout: number | null }
  | { readonly call: 'gettimeout' | 'getsockname' }
  | { readonly call: 'close'; readonly file?: number }
  | { readonly call: 'read'; readonly file: number; readonly size: number | null }
  | { readonly call: 'readline' | 'flush'; readonly file: number }
  | { readonly call: 'write'; readonly file: number; readonly data: string }
  | { readonly call: 'p.send'; readonly data: string }
  | { readonly call: 'p.recv' | 'p.shutdown' | 'p.close' };

export type ClosingScript = readonly ClosingStep[];

const file = fc.constantFrom(0, 0, 0, 1, 2);
const call = <C extends string>(...names: C[]) => fc.constantFrom(...names);

const makefile = fc.record({
  call: call('makefile'),
  mode: fc.constantFrom('r', 'w', 'rw', 'rb', 'wb', 'rwb'),
  buffering: fc.constantFrom(null, null, 0, 1, 2, 16, 8192),
});

/** As the peer sends them, a character a byte: among them CRLF, cut CRLF, UTF-8, cut UTF-8, and what is none. */
const sent = fc.constantFrom(
  'a',
  'hi\n',
  'one\ntwo\nthree',
  'x\r\ny\rz',
  'tail\r',
  '\xc3\xa9\n',
  '\xe2\x82',
  '\xac!',
  '\xff\n',
  'abcdefghijklmnopqrs',
  `${'q'.repeat(20)}\n`,
  `${'w'.repeat(9000)}\n`,
);

const written = fc.constantFrom('a', 'bc', 'line\n', 'é', '12345678901234567', 'z'.repeat(9000));

const step: fc.Arbitrary<ClosingStep> = fc.oneof(
  { weight: 2, arbitrary: makefile },
  { weight: 3, arbitrary: fc.record({ call: call('recv'), size: fc.constantFrom(0, 1, 4, 100) }) },
  { weight: 1, arbitrary: fc.record({ call: call('send'), data: fc.constantFrom('s', '') }) },
  { weight: 1, arbitrary: fc.record({ call: call('shutdown'), how: call('SHUT_RD', 'SHUT_WR') }) },
  { weight: 1, arbitrary: fc.record({ call: call('settimeout'), timeout: fc.constantFrom(null, 300) }) },
  { weight: 1, arbitrary: fc.record({ call: call('gettimeout', 'getsockname') }) },
  { weight: 4, arbitrary: fc.record({ call: call('close') }) },
  { weight: 5, arbitrary: fc.record({ call: call('close'), file }) },
  { weight: 5, arbitrary: fc.record({ call: call('read'), file, size: fc.constantFrom(null, 0, 1, 4, 6) }) },
  { weight: 4, arbitrary: fc.record({ call: call('readline'), file }) },
  { weight: 2, arbitrary: fc.record({ call: call('flush'), file }) },
  { weight: 4, arbitrary: fc.record({ call: call('write'), file, data: written }) },
  { weight: 6, arbitrary: fc.record({ call: call('p.send'), data: sent }) },
  { weight: 2, arbitrary: fc.record({ call: call('p.recv') }) },
  { weight: 1, arbitrary: fc.record({ call: call('p.shutdown', 'p.close') }) },
);

/** What the peer sees in the end: the bytes, then EOF, a reset, or that nothing ended. */
const look: ClosingScript = [{ call: 'p.recv' }, { call: 'p.recv' }, { call: 'p.recv' }];

/** The bench's SHUT_RD is its own model: after both Linux resets a peer that sends on, and the bench takes the bytes. */
const oneShutdown = (steps: ClosingScript): ClosingScript => {
  const first = steps.find(({ call: name }) => name === 'shutdown');
  return steps.filter(one => one.call !== 'shutdown' || ('how' in first! && first.how === one.how));
};

/** Most have a file object from the start, so that there is something to put the close off. */
export const closingScript: fc.Arbitrary<ClosingScript> = fc
  .tuple(fc.array(makefile, { minLength: 0, maxLength: 2 }), fc.array(step, { minLength: 2, maxLength: 14 }))
  .map(([files, steps]) => [...files, ...oneShutdown(steps), ...look]);

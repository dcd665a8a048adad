/** A place that is broken on purpose: `text`, which stands there once, becomes `becomes`; one of the tests must see it. */
export type Mutant = {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly becomes: string;
  readonly tests: readonly string[];
};

const deadlocks: readonly Mutant[] = [
  {
    name: 'a way out of a circle is overlooked',
    file: 'source/core/waits/components.ts',
    text: 'if (!component.some(id => leadsOut.has(id))) found.push(component);',
    becomes: 'found.push(component);',
    tests: ['test/core/components.property.test.ts'],
  },
  {
    name: 'somebody who is free helps nobody',
    file: 'source/core/waits/stuck.ts',
    text: 'each.length === 0 || each.some(way => !ways.has(way))',
    becomes: 'each.length === 0',
    tests: ['test/core/stuck.test.ts'],
  },
  {
    name: 'the last deadline ends a deadlock, not the first',
    file: 'source/core/waits/deadlock.ts',
    text: 'end.at < first.at',
    becomes: 'end.at > first.at',
    tests: ['test/core/stuck.test.ts'],
  },
  {
    name: 'a peer that receives already is waited for',
    file: 'source/core/waits/wait-rules.ts',
    text: "if (twin && ground.receiving.has(twin.name)) return isActing(twin, 'recv');",
    becomes: '',
    tests: ['test/core/waits.test.ts', 'test/core/deadlock.property.test.ts'],
  },
  {
    name: 'only the thread of a new call counts, not those with one in their queues',
    file: 'source/core/waits/wait-ground.ts',
    text: "return { kind: 'socket', on, act, ways, through: busy.id };",
    becomes: "return { kind: 'socket', on, act, ways: [busy.id], through: busy.id };",
    tests: ['test/core/waits.test.ts', 'test/core/deadlock.property.test.ts'],
  },
  {
    name: 'SO_RCVLOWAT is not heeded',
    file: 'source/core/waits/wait-rules.ts',
    text: 'Math.max(wantedBy(call), Number(options.SO_RCVLOWAT) || 1)',
    becomes: 'wantedBy(call)',
    tests: [
      'test/core/waits.test.ts',
      'test/bench-core/deadlock.test.ts',
      'test/core/deadlock.property.test.ts',
    ],
  },
];

const fold: readonly Mutant[] = [
  {
    name: 'an accepted socket forgets its listener',
    file: 'source/core/fold/fold-ended.ts',
    text: 'socket.listener = listener.name;',
    becomes: "socket.listener = '';",
    tests: ['test/core/fold.test.ts'],
  },
  {
    name: 'bytes that the journal let go of were never received',
    file: 'source/core/fold/fold-transfer.ts',
    text: 'socket.received += size;',
    becomes: 'socket.received += outcome.data.length;',
    tests: ['test/core/fold.test.ts', 'test/core/journal.test.ts'],
  },
  {
    name: 'a peek takes what it looks at',
    file: 'source/core/fold/fold-transfer.ts',
    text: 'if (peeks(call)) return;',
    becomes: '',
    tests: ['test/core/fold.test.ts'],
  },
  {
    name: 'the cause of a receive is a send whose bytes came before',
    file: 'source/core/fold/cause.ts',
    text: 'mark.total - mark.size < received ? mark.n : 0',
    becomes: 'mark.total - mark.size > received ? mark.n : 0',
    tests: ['test/core/cause.test.ts'],
  },
  {
    name: 'a closed socket is gone while a call is inside it',
    file: 'source/core/fold/fold-ended.ts',
    text: 'socket.closing = isHeld(draft, socket.name, entry.id);',
    becomes: 'socket.closing = false;',
    tests: ['test/core/fold.test.ts'],
  },
];

const escaping: readonly Mutant[] = [
  {
    name: 'format characters pass',
    file: 'source/core/bytes/printable.ts',
    text: '[\\p{Cc}\\p{Cf}',
    becomes: '[\\p{Cc}',
    tests: ['test/core/payload.test.ts'],
  },
  {
    name: 'any number of marks joins a character',
    file: 'source/core/bytes/printable.ts',
    text: '!(joined >= mostJoined && joins().test(character))',
    becomes: 'true',
    tests: ['test/core/payload.test.ts'],
  },
  {
    name: 'UTF-8 of half a surrogate pair is a character',
    file: 'source/core/bytes/payload.ts',
    text: 'point < 0x800 || (point >= 0xd800 && point <= 0xdfff) ? -1 : point',
    becomes: 'point < 0x800 ? -1 : point',
    tests: ['test/core/payload.test.ts'],
  },
  {
    name: 'what is printed goes out as it is',
    file: 'source/cli/print.ts',
    text: 'const safe = safeLines(what);',
    becomes: 'const safe = what;',
    tests: ['test/cli/hostile-words.test.ts'],
  },
  {
    name: 'a row of the screen is drawn as it is',
    file: 'source/ui/parts/styled-line.ts',
    text: 'fitted(guarded(of), width, ellipsis)',
    becomes: 'fitted(of, width, ellipsis)',
    tests: ['test/ui/line.test.ts'],
  },
];

const drivers: readonly Mutant[] = [
  {
    name: 'a datagram is longer than what was asked for',
    file: 'source/drivers/sockets/udp-reading.ts',
    text: 'data.length > op.size ? data.slice(0, op.size) : data',
    becomes: 'data',
    tests: ['test/drivers/node-driver.test.ts'],
  },
  {
    name: 'what was peeked at is gone',
    file: 'source/drivers/sockets/tcp-reading.ts',
    text: "if (call.peek === 'modelled') this.giveBack(data);",
    becomes: '',
    tests: ['test/drivers/node-driver.test.ts', 'test/drivers/public-driver.test.ts'],
  },
  {
    name: 'a send that may not wait waits',
    file: 'source/drivers/sockets/tcp-writing.ts',
    text: "this.settle(call, failure('EAGAIN', undefined, call.moved()));\n      return false;",
    becomes: '',
    tests: ['test/drivers/node-driver.test.ts'],
  },
  {
    name: 'an IPv4 address in IPv6 is spelt as IPv4',
    file: 'source/drivers/native/socket-address.ts',
    text: "host.includes(':') ? host :",
    becomes: 'true ? host :',
    tests: ['test/drivers/socket-address.test.ts'],
  },
];

/** Twenty places of what sockbench must not get wrong: `npm run mutants` breaks them, one at a time. */
export const mutants: readonly Mutant[] = [...deadlocks, ...fold, ...escaping, ...drivers];

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatEndpoint } from '../../source/core/addresses/address.ts';
import { type InetEndpoint, inet, portAt } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { BenchState, SocketState } from '../../source/core/model/state.ts';
import { type Detail, socketLines } from '../../source/ui/panes/socket-rows.ts';
import { frame } from '../../source/ui/parts/frame.ts';
import { cut, fitted, lineWidth } from '../../source/ui/parts/styled-line.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { callOf } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';
import { runsOf } from '../support/sizes.ts';
import { tableWords } from '../support/words.ts';

/** A state in which c1 is inside a recv. */
const blocked = (): BenchState => {
  const machine = createMachine();
  const bench = machine.bench({ policy: 'duplex', loops: { accept: false, receive: false } });
  const lines = ['s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5', 'c1 = socket'];
  for (const text of [...lines, 'c1.connect 127.0.0.1:9000', 'c1.recv 10']) {
    bench.perform(callOf(text));
    machine.settle();
    bench.flush();
  }
  return bench.state();
};

const host = fc.oneof(
  fc.constantFrom(
    '127.0.0.1',
    '::1',
    'localhost',
    '127.255.255.254',
    'fe80::a:b',
    'a.name.of.many.letters.example',
  ),
  fc.ipV4(),
);

const endpoint = fc
  .record({ host, port: fc.integer({ min: 1, max: 65_535 }) })
  .map(of => inet(of.host, of.port));

const name = fc.stringMatching(/^(c|a|p[1-9]\d?\.)[1-9]\d{0,18}$/);

const payload = fc.stringMatching(/^[a-z 接收]{0,40}$/).map(text => ({
  kind: 'literal' as const,
  notation: 'text' as const,
  data: new TextEncoder().encode(text),
}));

type Row = {
  readonly name: string;
  readonly twin: string;
  readonly peer: InetEndpoint | null;
  readonly local: InetEndpoint;
  readonly condition: SocketState['condition'];
  readonly call: Call;
  readonly addresses: readonly InetEndpoint[];
};

const row: fc.Arbitrary<Row> = fc
  .record({
    name,
    twin: fc.oneof(fc.constant(''), name),
    peer: fc.option(endpoint),
    local: endpoint,
    condition: fc.constantFrom('ESTAB', 'SYN-SENT', 'CLOSE-WAIT', 'RESET', 'UNCONN'),
    to: endpoint,
    data: payload,
    made: fc.constantFrom('recv', 'sendall', 'connect', 'sendto', 'recvfrom'),
  })
  .map(({ to, data, made, ...of }): Row => {
    const on = of.name;
    const calls: Readonly<Record<typeof made, Call>> = {
      recv: { name: 'recv', on, size: 4096 },
      recvfrom: { name: 'recvfrom', on, size: 65_535 },
      sendall: { name: 'sendall', on, data },
      connect: { name: 'connect', on, address: to },
      sendto: { name: 'sendto', on, data, address: to },
    };
    const addresses = [of.local, to, ...(of.peer ? [of.peer] : [])];
    return { ...of, call: calls[made], addresses } as Row;
  });

const state = blocked();
const c1 = state.sockets.get('c1')!;
const [inside] = [...state.calls.values()];

const drawn = (of: Row, detail: Detail, width: number, elapsed: number, ascii = false): readonly string[] => {
  const { name: called, twin, peer, local, condition } = of;
  const socket: SocketState = { ...c1, name: called, twin, peer, local, condition };
  const call = { ...inside!, call: of.call, startedAt: 0, queuedAt: 0 };
  const bench: BenchState = {
    ...state,
    sockets: new Map([[called, socket]]),
    calls: new Map([[call.id, call]]),
    findings: new Map(),
  };
  const theme = themeFor(ascii);
  const context = { bench, now: elapsed, width, theme, keys: tableWords };
  return socketLines(socket, true, detail, context).map(each => {
    const whole = fitted(each, width, theme.ellipsis);
    expect(lineWidth(whole)).toBe(width);
    return whole.map(({ text }) => text).join('');
  });
};

/** What looks like a port, once the addresses that are there as a whole are taken out. */
const portsIn = (text: string, addresses: readonly InetEndpoint[]): string[] => {
  const rest = addresses.reduce((left, each) => left.replaceAll(formatEndpoint(each), ''), text);
  return [...rest.matchAll(/:(\d+)/g)].map(match => match[1]!);
};

const width = fc.integer({ min: 38, max: 80 });
const elapsed = fc.integer({ min: 0, max: 3_600_000 });

describe('the rows of a socket that a call blocks', () => {
  test.each(['line', 'short', 'full'] as const)('have whole ports or none (%s)', detail => {
    fc.assert(
      fc.property(row, width, elapsed, fc.boolean(), (of, columns, ms, ascii) => {
        const ports = of.addresses.map(({ port }) => String(port));
        for (const text of drawn(of, detail, columns, ms, ascii)) {
          for (const port of portsIn(text, of.addresses)) expect(ports, text).toContain(port);
        }
      }),
      runsOf('rows of sockets'),
    );
  });

  test("say the name, the call, since when, and the peer's port in one line of 38 columns", () => {
    fc.assert(
      fc.property(row, width, elapsed, (of, columns, ms) => {
        const [text] = drawn(of, 'line', columns, ms);
        expect(text).toMatch(new RegExp(`${of.call.name} BLOCKED \\d`));
        expect(text!.slice(2, 4)).toBe(of.name.slice(0, 2));
        if (of.name.length <= 4) expect(text).toContain(`${of.name} `);
        if (of.peer) expect(text).toMatch(new RegExp(`:${of.peer.port}\\b`));
      }),
      runsOf('rows of sockets'),
    );
  });

  test("say it in more lines too: the peer's port on the first, the call and since when on the next", () => {
    fc.assert(
      fc.property(row, width, elapsed, (of, columns, ms) => {
        const [head, call] = drawn(of, 'short', columns, ms);
        if (of.peer) expect(head).toMatch(new RegExp(`:${of.peer.port}\\b`));
        expect(head).toContain(of.condition);
        expect(call).toMatch(new RegExp(`^    ${of.call.name} .*BLOCKED \\d`));
        if (of.call.name === 'connect') expect(call).toMatch(new RegExp(`:${portAt(of.call.address)}\\b`));
      }),
      runsOf('rows of sockets'),
    );
  });
});

test('a cut leaves no part of a port', () => {
  const text = 'c1.connect 127.0.0.1:41150 = ok';
  const starts = Array.from({ length: text.length }, (_, columns) => cut(text, columns));
  expect(starts.filter(start => /:/.test(start))).toEqual(
    starts.slice(26).filter(start => start.includes(':41150')),
  );
  expect(cut(text, 22)).toBe('c1.connect 127.0.0.1');
  expect(cut('接收 127.0.0.1:41150', 18)).toBe('接收 127.0.0.1');
});

test('what stands on a border ends with a mark where it is cut', () => {
  const title = { name: [], notes: [], foot: 'waits for 127.0.0.1:41150 to send' };
  const foot = (width: number) => frame(title, [], width, 3, false, themeFor(true)).bottom[1]!.text;
  expect(foot(60)).toBe(' waits for 127.0.0.1:41150 to send ');
  expect(foot(32)).toBe(' waits for 127.0.0.1... ');
});

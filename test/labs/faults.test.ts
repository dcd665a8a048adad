import { expect, it, onTestFinished } from 'vitest';
import { parseFaultsText } from '../../source/core/language/fault-text.ts';
import { parseRuleText } from '../../source/core/language/rule-text.ts';
import { startPeer } from '../e2e/foreign.ts';
import { callOf } from '../support/playing.ts';
import { realBench, runText } from './running.ts';

const relayed = `
  s2 = socket AF_INET SOCK_STREAM
  s2.bind 127.0.0.1:$back
  s2.listen 5
  s1 = socket AF_INET SOCK_STREAM
  s1.bind 127.0.0.1:$port
  s1.listen 5
  s1.relay 127.0.0.1:$back
  c1 = socket AF_INET SOCK_STREAM
  c1.connect 127.0.0.1:$port
  a9 = s2.accept`;

const free = 'let: { port: free, back: free }';

it('a line sets faults: what a relay passes on comes in pieces, and then is cut off to the byte', async () => {
  const { report } = await runText(
    free,
    relayed,
    `s1.fault split 2 every 500ms
     c1.recv 100 &
     a9.sendall "hell"
     wait c1.recv => "he"
     c1.recv 100 => "ll"
     s1.fault half-close after 3
     a9.sendall "again"
     c1.recv 100 MSG_WAITALL => "aga"
     c1.recv 100 => EOF
     c1.fault stall
     s1.fault off`,
  );
  expect(report.messages).toEqual([]);
});

it.each([
  ['s1.fault drop 5%', /drop is for datagrams, and s1 is a stream/],
  ['s2.close\ns2.fault stall', /there is no socket s2/],
])('%s fails its line', async (line, message) => {
  const { report } = await runText(free, relayed, line);
  expect(report.messages.join('\n')).toMatch(message);
});

/** Draws as the PCG library does, in another language: three numbers a datagram, the first of them to drop it. */
const python = (port: number, seed: number, percent: number) => `
import socket
mask, inc, state = (1 << 64) - 1, (54 << 1) | 1, 0
def step():
    global state
    state = (state * 6364136223846793005 + inc) & mask
def draw():
    old = state
    step()
    x, turn = (((old >> 18) ^ old) >> 27) & 0xffffffff, old >> 59
    return ((x >> turn) | (x << (-turn & 31))) & 0xffffffff
step()
state = (state + ${seed}) & mask
step()
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(20)
dropped = 0
for number in range(40):
    message = str(number).encode()
    s.sendto(message, ('127.0.0.1', ${port}))
    drops = draw() < ${percent} / 100 * 2 ** 32
    draw(), draw()
    dropped += drops
    if not drops:
        answer = s.recv(100)
        assert answer == message, (answer, message)
print('dropped', dropped, 'as the seed says')
`;

it('a foreign program misses exactly the datagrams that the seed drops', async () => {
  const bench = realBench();
  const ended = (line: string) => new Promise(resolve => bench.perform(callOf(line), { onEnd: resolve }));
  await ended('u1 = socket AF_INET SOCK_DGRAM');
  await ended('u1.bind 127.0.0.1:0');
  const rule = parseRuleText('recv echo');
  const faults = parseFaultsText('drop 30% seed 7');
  if (!rule.ok || !faults.ok) throw new Error('they were not read');
  bench.addRule('u1', rule.value);
  expect(bench.setFaults('u1', faults.value)).toBeNull();
  bench.flush();
  const local = bench.state().sockets.get('u1')?.local;
  const peer = startPeer('python3', ['-c', python(local && 'port' in local ? Number(local.port) : 0, 7, 30)]);
  onTestFinished(() => peer.stop());
  const [, dropped] = await peer.until(/dropped (\d+) as the seed says/);
  bench.flush();
  expect(bench.state().sockets.get('u1')?.faulted).toEqual({ dropped: Number(dropped) });
  expect(Number(dropped)).toBeGreaterThan(0);
});

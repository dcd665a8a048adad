import { portAt } from '../../core/addresses/endpoint.ts';
import { marked, t } from '../../core/words/translate.ts';
import { privateEnds } from '../node/private-node.ts';
import type { Accepted, Ends, Status, TcpEnd, UdpEnd } from '../sockets/ends.ts';
import { ReceiveMemory } from '../sockets/receive-memory.ts';
import { notNow } from '../sockets/status.ts';
import { inOneTurn } from '../sockets/turn.ts';

/** Something that only private Node access gives, and whether it works here; `reason` is '' where it does. */
export type Facility = { readonly name: string; readonly works: boolean; readonly reason: string };

/** Long against the 20 ms that the whole test takes; only a broken facility comes near it. */
const patience = 2000;

const loopback = '127.0.0.1';
const anyPort = { host: loopback, port: 0 };

const expect = (right: boolean, what: string) => {
  if (!right) throw new Error(what);
};

/** Waits for a callback; fails with `what` when it does not come. */
const within = <T>(what: string, begin: (done: (value: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(what)), patience);
    begin(value => {
      clearTimeout(timer);
      resolve(value);
    });
  });

const turn = (): Promise<void> =>
  new Promise(resolve => {
    inOneTurn(resolve);
  });

/** Says nothing about Node: the test is to be made again when there are descriptors. */
const shortage = marked('no descriptor is left');

const made = <T extends TcpEnd | UdpEnd>(end: T): T => {
  expect(end.open() === 0, shortage);
  return end;
};

const acceptedOf = (accepted: Accepted | Status): TcpEnd => {
  if (typeof accepted === 'number') throw new Error(shortage);
  return accepted.end;
};

const acceptOne = (listener: TcpEnd): Promise<TcpEnd> =>
  within<Accepted | Status>(t('no connection is accepted'), done =>
    listener.admit(accepted => {
      listener.hold();
      done(accepted);
    }),
  ).then(acceptedOf);

const connectTo = async (ends: Ends, port: number): Promise<TcpEnd> => {
  const end = made(ends.tcp('AF_INET'));
  const status = await within<number>(t('connect does not end'), done => {
    end.connect({ host: loopback, port }, done);
  });
  expect(status === 0, t`connect ends with ${status}`);
  return end;
};

type Opened = { readonly close: (done: () => void) => void };

/** Three connections, one place: exactly as many are accepted as accept calls run. */
const gate = async (ends: Ends, opened: Opened[]) => {
  const listener = made(ends.tcp('AF_INET'));
  opened.push(listener);
  expect(listener.bind(anyPort, false) === 0, t('bind fails'));
  expect(listener.listen(1) === 0, t('listen fails'));
  const port = Number(portAt(listener.local()));
  let taken = 0;
  for (let i = 0; i < 2; i++) opened.push(await connectTo(ends, port));
  await turn();
  await within<void>(t('no connection is accepted'), done =>
    listener.admit(accepted => {
      taken++;
      opened.push(acceptedOf(accepted));
      listener.hold();
      done();
    }),
  );
  await turn();
  expect(taken === 1, t`one accept takes ${taken} connections`);
  expect(listener.listen(1) === 0, t('a second listen fails'));
  await turn();
  expect(taken === 1, t('a second listen opens the gate'));
};

const pair = async (ends: Ends, opened: Opened[]): Promise<[TcpEnd, TcpEnd]> => {
  const listener = made(ends.tcp('AF_INET'));
  opened.push(listener);
  expect(listener.bind(anyPort, false) === 0 && listener.listen(1) === 0, t('listen fails'));
  const client = await connectTo(ends, Number(portAt(listener.local())));
  opened.push(client);
  const server = await acceptOne(listener);
  opened.push(server);
  return [client, server];
};

/** read(2) of 2 bytes takes 2 of 5; waiting takes none. */
const exactRecv = async (ends: Ends, opened: Opened[]) => {
  const [client, server] = await pair(ends, opened);
  const into = Buffer.alloc(8);
  expect(server.readNow(into, 0, 8) === notNow, t('a read of nothing does not say EAGAIN'));
  const readable = within<void>(t('data is not noticed'), done => server.watch(done));
  expect(client.writeNow(Buffer.from('hello')) === 5, t('write(2) does not take 5 bytes'));
  await readable;
  server.unwatch();
  await turn();
  expect(server.readNow(into, 0, 2) === 2, t('a read of 2 bytes does not give 2'));
  expect(server.readNow(into, 2, 6) === 3, t('the bytes left are not in the kernel'));
  expect(into.toString('latin1', 0, 5) === 'hello', t('what is read is not what was sent'));
};

/**
 * A full buffer says EAGAIN; one byte handed over leaves when the peer reads, and nothing overtakes it meanwhile. Where
 * there is room the kernel has it at once, and no completion comes.
 */
const exactSend = async (ends: Ends, opened: Opened[]) => {
  const [client, server] = await pair(ends, opened);
  const chunk = Buffer.alloc(1 << 16);
  let told = 0;
  const atOnce = client.hand(Buffer.from('x'), () => told++);
  expect(atOnce === 1 && client.pending() === 0, t('a byte for which there is room is not taken at once'));
  let room = 1;
  for (let i = 0; i < 4096 && room > 0; i++) room = client.writeNow(chunk);
  expect(room === notNow, t('a full buffer does not say EAGAIN'));
  await within<void>(t('a handed-over byte does not leave'), done => {
    const status = client.hand(Buffer.from('x'), ended => {
      expect(ended === 0 && client.pending() === 0, t('a handed-over byte is lost'));
      done();
    });
    if (status === 1) return done();
    expect(status === 0, t('handing over fails'));
    if (client.pending() > 0)
      expect(client.writeNow(chunk) === notNow, t('a write overtakes what was handed over'));
    server.watch(() => server.readNow(chunk, 0, chunk.length));
  });
  server.unwatch();
  expect(told === 0, t('a piece that the kernel took at once is told as taken again'));
};

/** One datagram a call; the second stays queued. */
const datagrams = async (ends: Ends, opened: Opened[]) => {
  const [receiver, sender] = [made(ends.udp('AF_INET')), made(ends.udp('AF_INET'))];
  const memory = new ReceiveMemory();
  opened.push(receiver, sender);
  const flags = { v6only: false, reuseAddr: false };
  expect(receiver.bind(anyPort, flags) === 0 && sender.bind(anyPort, flags) === 0, t('bind fails'));
  const to = receiver.local();
  for (const text of ['one', 'two']) {
    expect(sender.send(Buffer.from(text), to, () => {}) === 3, t('a datagram is not sent at once'));
  }
  for (const text of ['one', 'two']) {
    const got: string[] = [];
    await within<void>(t('no datagram arrives'), done =>
      receiver.receive(memory, (_status, data) => {
        got.push(Buffer.from(data).toString());
        receiver.hold();
        done();
      }),
    );
    await turn();
    expect(got.join() === text, t`one recvfrom takes ${got.join(t(' and '))}`);
  }
};

const tests = {
  'accept gate': gate,
  'exact recv': exactRecv,
  'exact send': exactSend,
  'datagram by datagram': datagrams,
} as const;

const facility = async (name: keyof typeof tests, ends: Ends): Promise<Facility> => {
  const opened: Opened[] = [];
  try {
    await tests[name](ends, opened);
    return { name, works: true, reason: '' };
  } catch (error) {
    return { name, works: false, reason: (error as Error).message };
  } finally {
    await Promise.all(opened.map(end => new Promise<void>(resolve => end.close(resolve))));
  }
};

const run = async (): Promise<readonly Facility[]> => {
  const ends = privateEnds();
  const names = Object.keys(tests) as (keyof typeof tests)[];
  if (typeof ends === 'string') return names.map(name => ({ name, works: false, reason: ends }));
  return Promise.all(names.map(name => facility(name, ends)));
};

let result: Promise<readonly Facility[]> | undefined;

/** Whether it says nothing of Node, because the process had too few descriptors left for the test. */
export const isInconclusive = (facilities: readonly Facility[]): boolean =>
  facilities.some(({ reason }) => reason === shortage);

/**
 * Tries everything that the private-*.ts files use on loopback sockets of its own, once a process, or again where it was
 * inconclusive. Never rejects.
 */
export const selfTest = (): Promise<readonly Facility[]> => {
  result ??= run().then(facilities => {
    if (isInconclusive(facilities)) result = undefined;
    return facilities;
  });
  return result;
};

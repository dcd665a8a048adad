import { describe, expect, it } from 'vitest';
import type { Entry } from '../../source/core/model/entry.ts';
import { exportLab } from '../../source/formats/lab/export-lab.ts';
import { projectionOf } from '../../source/formats/projection/projection.ts';
import { exportPython } from '../../source/formats/python/export-python.ts';
import type { Session } from '../../source/formats/session/read-session.ts';
import { exportStrace } from '../../source/formats/strace/export-strace.ts';
import { at, createPlaybook, playConnection, text } from '../support/entries.ts';
import { connected, sessionFrom } from './by-hand.ts';

const labFrom = (session: Session): string => {
  const exported = exportLab(projectionOf(session));
  return exported.ok ? exported.text : exported.message;
};

/** u1 on port 9000 and c1, from which it gets a datagram and answers. */
const exchange = () => {
  const book = createPlaybook();
  book.socket('u1', 'SOCK_DGRAM');
  book.bind('u1', at(9000));
  return book;
};

const looped = (entries: readonly Entry[], name: string): Entry[] =>
  entries.map(entry => ('call' in entry && entry.call.name === name ? { ...entry, looped: true } : entry));

it('a relay leads in a lab to where it led: to what the session bound by its variable, to others by their port', () => {
  const relayed = (endpoint: ReturnType<typeof at>): string => {
    const { entries } = exchange();
    const last = entries.at(-1)!;
    const target = { endpoint, datagrams: true, tls: null } as const;
    return labFrom(
      sessionFrom([...entries, { kind: 'relay', n: last.n + 1, prev: 0, t: last.t, socket: 'u1', target }]),
    );
  };
  expect(relayed(at(53))).toContain('u1.relay udp://127.0.0.1:53\n');
  expect(relayed(at(9000))).toContain('u1.relay udp://127.0.0.1:$port\n');
});

describe('a session with somebody outside is a lab that needs a peer', () => {
  it('over TCP', () => {
    const lab = labFrom(sessionFrom(connected().entries));
    expect(lab).toContain('needs: peer\n');
    expect(lab).toContain('# the peer is at 127.0.0.1:9000\n      c1.connect 127.0.0.1:9000  => ok');
  });

  it('over UDP, where a socket of the bench that was bound has answered', () => {
    const book = exchange();
    book.ended({ name: 'recvfrom', on: 'u1', size: 9 }, { kind: 'data', data: text('hi'), from: at(5000) });
    const data = { kind: 'literal', data: text('yes'), notation: 'text' } as const;
    book.ended({ name: 'sendto', on: 'u1', data, address: at(5000) }, { kind: 'count', count: 3 });
    const lab = labFrom(sessionFrom(book.entries));
    expect(lab).toContain('port: 9000\n');
    expect(lab).toContain(
      '# the peer sends "hi" to u1\n      sender1 = u1.recvfrom 9  => "hi" from 127.0.0.1:*',
    );
    expect(lab).toContain('u1.sendto "yes" $sender1  => 3');
  });

  it('over UDP, where recv does not tell who sent: the peer that connect named', () => {
    const book = createPlaybook();
    book.socket('c1', 'SOCK_DGRAM');
    book.connect('c1', at(40000), at(9000));
    book.send('c1', 'hi');
    expect(labFrom(sessionFrom(book.entries))).toContain('c1.send "hi"');
    book.recv('c1', 'yes');
    expect(labFrom(sessionFrom(book.entries))).toContain('# the peer sends "yes" to c1\n      c1.recv 4KiB');
  });
});

describe('a session with faults', () => {
  it('says which, and that of what they dropped there is no call', () => {
    const { entries } = exchange();
    const { n, t } = entries.at(-1)!;
    const faults = { drop: 10, seed: 7 };
    const session = sessionFrom([
      ...entries,
      { kind: 'faults', n: n + 1, t, prev: 0, socket: 'u1', faults },
      { kind: 'fault', n: n + 2, t, prev: 0, socket: 'u1', did: 'dropped', bytes: 5 },
    ]);
    const words =
      'Faults were on (u1 drop 10% seed 7): the calls are those that they let through, which 1 dropped datagram is not among.';
    const python = exportPython(projectionOf(session));
    for (const text of [
      labFrom(session),
      python.ok ? python.text : '',
      [...exportStrace(projectionOf(session))].join(''),
    ])
      expect(text.replace(/\s+/g, ' ')).toContain(words);
  });
});

describe('a session that is not whole is no lab', () => {
  it('where its beginning was dropped', () => {
    const session = sessionFrom(exchange().entries);
    expect(labFrom({ ...session, entries: session.entries.slice(1) })).toContain('begins with entry 2');
  });

  it('where bytes that were sent were dropped', () => {
    const book = exchange();
    const data = { kind: 'dropped', size: 9 } as const;
    book.ended({ name: 'sendto', on: 'u1', data, address: at(9000) }, { kind: 'count', count: 9 });
    expect(labFrom(sessionFrom(book.entries))).toMatch(/^the bytes of u1\.sendto 9 .*were dropped/);
  });
});

describe('a session as a lab', () => {
  it('has the policies that the bench began with', () => {
    const loops = { accept: true, receive: true };
    const session = sessionFrom(exchange().entries, { start: { policy: 'single', loops } });
    expect(labFrom(session)).toContain(
      'programs:\n  client: single\n  tcp-server: single\n  udp-server: single\n',
    );
  });

  it('says which policies came later: a lab has one for all of it', () => {
    const book = exchange();
    book.add({ kind: 'policy', t: 3, program: 'udp-server', policy: 'single' });
    const lab = labFrom(sessionFrom(book.entries));
    expect(lab).not.toContain('programs:');
    expect(lab).toContain('the threading policy was changed (udp-server single)');
  });

  it('expects no call to block at once that stood behind another of its thread, however long it blocked then', () => {
    const { book } = playConnection();
    const first = book.running({ name: 'recv', on: 'a1', size: 9 });
    const second = book.running({ name: 'recv', on: 'a1', size: 5 });
    book.send('c1', 'one');
    first({ kind: 'data', data: text('one') });
    second({ kind: 'data', data: text('two') });
    const slow = book.entries.map(entry => {
      if (!('call' in entry) || entry.call.name !== 'recv') return entry;
      const before = entry.call.size === 9 ? 0 : 1000;
      if (entry.kind === 'running') return { ...entry, startedAt: entry.startedAt + before };
      return entry.kind === 'ended'
        ? { ...entry, startedAt: entry.startedAt! + before, t: entry.t + before + 500 }
        : entry;
    });
    const lab = labFrom(sessionFrom(slow));
    expect(lab).toContain('a1.recv 9 &  => blocked');
    expect(lab).toMatch(/a1\.recv 5 &$/m);
  });

  it('leaves out what a loop had in flight when it was switched off, not what a person cancelled', () => {
    const book = exchange();
    book.running({ name: 'recvfrom', on: 'u1', size: 9 })({ kind: 'error', code: 'INTERRUPTED' });
    expect(labFrom(sessionFrom(book.entries))).toContain('cancel u1.recvfrom  => KeyboardInterrupt');
    expect(labFrom(sessionFrom(looped(book.entries, 'recvfrom')))).not.toContain('recvfrom');
  });
});

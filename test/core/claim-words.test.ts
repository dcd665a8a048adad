import { expect, test } from 'vitest';
import { parseLine } from '../../source/core/language/line.ts';
import { claimSentence, claimSubject } from '../../source/core/words/claim-words.ts';

const claimOf = (text: string) => {
  const read = parseLine(text);
  if (!read.ok || read.value.kind !== 'expect') throw new Error(text);
  return read.value.claim;
};

test.each([
  ['c1.state == ESTAB', 'c1 is ESTAB'],
  ['c1.state != ESTAB', 'c1 is not ESTAB'],
  ['c1.timer == none', 'the timer of c1 is none'],
  ['s1.accept-q == 1', '1 waits in the accept queue of s1'],
  ['s1.accept-q == 2', '2 wait in the accept queue of s1'],
  ['s1.accept-q == 0', 'the accept queue of s1 is empty'],
  ['a1.rcv-q == 14', '14 bytes wait in the receive queue of a1'],
  ['c1.snd-q > 0', 'the send queue of c1 is not empty'],
  ['c1.sent 1B..63MiB', 'c1 has sent between 1 byte and 63.0 MiB'],
  ['c1.received == 64MiB', 'c1 has received 64.0 MiB'],
  ['u1.receives == 1', 'u1 has received once'],
  ['u1.receives 1..21', 'u1 has received between 1 and 21 times'],
  ['u1.drops 1..31', 'u1 has lost between 1 and 31 datagrams'],
  ['s1.accepted == 0', 's1 has accepted nobody'],
  ['c1.unflushed == 6', "6 bytes wait in the file's buffer over c1"],
  ['c1.recv blocked for 300ms', 'c1.recv has not returned yet'],
  ['p1.accept blocked', 'p1 is in accept() and has not returned'],
  ['s1.accept queued', 's1.accept has not begun: its thread is busy'],
  ['finding deadlock c1.recv a1.recv', 'deadlock: c1.recv and a1.recv wait for each other'],
  ['no finding deadlock', 'there is no deadlock'],
  ['finding backlog-full s1', 'the accept queue of s1 is full'],
  ['call getaddrinfo "localhost" inside c1.connect', 'inside c1.connect was a call of its own: getaddrinfo'],
  ['p1 prints "Done!"', 'p1 has printed "Done!"'],
  ['p1.exit == 0', 'p1 has ended, with exit status 0'],
  ['refused socket SOCK_STREAM AF_INET', 'the bench refuses this line: socket SOCK_STREAM AF_INET'],
])('expect %s reads: %s', (text, sentence) => {
  expect(claimSentence(claimOf(`expect ${text}`))).toContain(sentence);
});

test.each([
  ['c1.state == ESTAB', 'look at c1'],
  ['c1.recv blocked', 'look at c1.recv'],
  ['p1.exit == 0', 'look at p1'],
  ['finding deadlock', 'look at the whole bench'],
  ['refused socket SOCK_STREAM AF_INET', 'try socket SOCK_STREAM AF_INET'],
])('before it is looked at, expect %s tells nothing of it: %s', (text, subject) => {
  expect(claimSubject(claimOf(`expect ${text}`))).toBe(subject);
});

import { afterEach, describe, expect, test } from 'vitest';
import { portAt } from '../../source/core/addresses/endpoint.ts';
import { callOf } from '../support/playing.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const connected = async (): Promise<void> => {
  screen = openScreen({ loops: { accept: true, receive: true } });
  await screen.press('L', keys.enter, 'c', keys.enter);
  await screen.shows('a1 ESTAB');
};

const sendLine = (): string => screen.lines().at(-2)!;

describe('the send line', () => {
  test('previews what it sends, with its ending and its length', async () => {
    await connected();
    await screen.press('s', 'ping');
    await screen.shows('send to c1 > ping\\r\\n');
    expect(sendLine()).toContain('text, ends CRLF, 6 bytes');
    await screen.press(keys.ctrl('o'));
    await screen.shows('ends LF, 5 bytes');
    await screen.press(keys.ctrl('o'));
    await screen.shows('no ending, 4 bytes');
  });

  test('sends on Enter, wakes the peer, and stays for the next line', async () => {
    await connected();
    await screen.press('s', 'ping', keys.enter);
    await screen.shows('c1.send "ping\\r\\n" = 6');
    await screen.shows('a1.recv 128KiB = "ping\\r\\n"');
    expect(screen.frame()).toMatch(/c1\.send.*wakes #/);
    expect(sendLine()).toContain('send to c1 > \\r\\n');
    await screen.press(keys.up);
    await screen.shows('send to c1 > ping');
  });

  test('keeps what was being typed while older lines are looked at', async () => {
    await connected();
    await screen.press('s', 'ping', keys.enter);
    await screen.shows('c1.send "ping');
    await screen.press('half a li', keys.up);
    await screen.shows('send to c1 > ping');
    await screen.press(keys.down);
    await screen.shows('send to c1 > half a li');
  });

  test('says what is refused over the stream too', async () => {
    await connected();
    await screen.press('1', keys.enter);
    await screen.shows('c1 and a1');
    await screen.press('s', 'a\\q', keys.enter);
    await screen.shows('! \\q is no escape');
  });

  test('reads escapes in what is typed', async () => {
    await connected();
    await screen.press('s', 'a\\0\\xff', keys.enter);
    await screen.shows('c1.send "a\\0\\xff\\r\\n" = 5');
  });

  test('refuses a bad escape, marks it, and keeps it', async () => {
    await connected();
    await screen.press('s', 'a\\q');
    await screen.shows('cannot be read');
    await screen.press(keys.enter);
    await screen.shows('! \\q is no escape');
    expect(sendLine()).toContain('a\\q');
    expect(screen.bench.state().sockets.get('c1')?.sends).toBe(0);
  });

  test('shows what its values stand for, the counter as it will be next, and sends that', async () => {
    await connected();
    await screen.press('s', 'n \\{n:2dec} \\{sum}');
    await screen.shows('sends "n 01 \\x0f\\r\\n"');
    expect(sendLine()).toContain('> n \\{n:2dec} \\{sum}\\r\\n');
    expect(sendLine()).toContain('8 bytes');
    await screen.press(keys.enter);
    await screen.shows('c1.send "n 01 \\x0f\\r\\n" = 8');
    await screen.press(keys.up);
    await screen.shows('sends "n 02 \\x10\\r\\n"');
    await screen.press(keys.enter);
    await screen.shows('c1.send "n 02 \\x10\\r\\n" = 8');
  });

  test('writes a Modbus request in hex with its CRC behind it', async () => {
    await connected();
    await screen.press('s', keys.ctrl('t'), '01 03 00 00 00 0a \\{crc16}');
    await screen.shows('sends hex"01 03 00 00 00 0a c5 cd"');
    expect(sendLine()).toContain('hex, 8 bytes');
    await screen.press(keys.enter);
    await screen.shows('c1.send hex"01 03 00 00 00 0a c5 cd" = 8');
  });

  test('says which value it does not know, marks it, and keeps it', async () => {
    await connected();
    await screen.press('s', 'x\\{crc15}', keys.enter);
    await screen.shows('! crc15 is no value of a message: did you mean crc16?');
    expect(sendLine()).toContain('x\\{crc15}');
    expect(screen.bench.state().sockets.get('c1')?.sends).toBe(0);
  });

  test('leaves braces alone in what is typed as JSON and in what is pasted', async () => {
    await connected();
    await screen.press('s', '{"n": {n}}', keys.paste('\\{n}'), keys.enter);
    await screen.shows('c1.send "{\\"n\\": {n}}\\\\{n}\\r\\n" = 16');
  });

  test('takes what is pasted literally, and says so', async () => {
    await connected();
    await screen.press('s', keys.paste('C:\\new two'));
    await screen.shows('pasted part literal');
    expect(sendLine()).toContain('C:\\\\new two');
    await screen.press(keys.enter);
    await screen.shows('c1.send "C:\\\\new two\\r\\n" = 12');
  });

  test.each([
    [0, 'one\\r\\ntwo\\r\\n', '2 lines, each ends CRLF, 10 bytes'],
    [1, 'one\\ntwo\\n', '2 lines, each ends LF, 8 bytes'],
    [2, 'one\\ntwo', 'no ending, 7 bytes'],
  ])('ends every line of a paste as is set, and shows it: Ctrl-O %d times', async (times, sent, note) => {
    await connected();
    await screen.press('s', keys.paste('one\r\ntwo'), ...Array(times).fill(keys.ctrl('o')));
    await screen.shows(note);
    expect(sendLine()).toContain(`> ${sent}`);
    await screen.press(keys.enter);
    await screen.shows(`c1.send "${sent}" = `);
    await screen.press(keys.up);
    await screen.shows(`> ${sent}`);
  });

  test('recalls hex as hex, text as text, and the line that was begun as it was', async () => {
    await connected();
    await screen.press('s', 'plain', keys.enter);
    await screen.shows('c1.send "plain');
    await screen.press(keys.ctrl('t'), '01 03', keys.enter);
    await screen.shows('c1.send hex"01 03" = 2');
    await screen.press('ff', keys.up);
    await screen.shows('send to c1 > 01 03');
    expect(sendLine()).toContain('hex, 2 bytes');
    await screen.press(keys.up);
    await screen.shows('send to c1 > plain');
    expect(sendLine()).toContain('text, ends CRLF');
    await screen.press(keys.down, keys.down);
    await screen.shows('send to c1 > ff');
    expect(sendLine()).toContain('hex, 1 byte');
  });

  test('keeps no line that follows the hint of a password, nor one that is a secret by its own words', async () => {
    await connected();
    await screen.press(':', 'a1.send "Password: "', keys.enter);
    await screen.shows('c1.recv 128KiB = "Password: "');
    await screen.press('s', 'hunter2', keys.enter);
    await screen.shows('c1.send "hunter2');
    await screen.press('PASS hunter3', keys.enter);
    await screen.shows('c1.send "PASS hunter3');
    await screen.press(keys.escape, ':', 'c1.send "AUTH hunter4\\r\\n"', keys.enter);
    await screen.shows('c1.send "AUTH hunter4');
    await screen.press(':', 'a1.send "welcome\\r\\n"', keys.enter);
    await screen.shows('c1.recv 128KiB = "welcome');
    await screen.press('s', 'ls', keys.enter);
    await screen.shows('c1.send "ls');
    const { history } = screen.store.getState().view;
    expect(history.send).toEqual([{ text: 'ls', mode: 'text' }]);
    expect(history.palette.filter(line => line.includes('hunter'))).toEqual([]);
  });

  test('sends hex, and refuses half a byte', async () => {
    await connected();
    await screen.press('s', keys.ctrl('t'), '01 03');
    await screen.shows('hex, 2 bytes');
    await screen.press('f', keys.enter);
    await screen.shows('half a byte');
    await screen.press('f', keys.enter);
    await screen.shows('c1.send hex"01 03 ff" = 3');
  });

  test('sends a file, and says why it cannot', async () => {
    screen = openScreen({
      loops: { accept: true, receive: true },
      services: {
        readFile: async path => {
          if (path !== 'good.bin') throw new Error(`ENOENT: no such file, open '${path}'`);
          return new Uint8Array([1, 2, 3]);
        },
      },
    });
    await screen.press('L', keys.enter, 'c', keys.enter);
    await screen.shows('a1 ESTAB');
    await screen.press('s', keys.ctrl('t'), keys.ctrl('t'), 'bad.bin', keys.enter);
    await screen.shows('bad.bin cannot be read: ENOENT');
    await screen.press(keys.ctrl('u'), 'good.bin', keys.enter);
    await screen.shows('c1.sendall file"good.bin" = ok');
  });

  test('half-closes on Ctrl-D in an empty line, and only there', async () => {
    await connected();
    await screen.press('s', 'ab', keys.ctrl('a'), keys.ctrl('d'));
    await screen.shows('send to c1 > b');
    await screen.press(keys.ctrl('u'), keys.ctrl('e'), keys.backspace, keys.ctrl('d'));
    await screen.shows('c1.shutdown SHUT_WR = ok');
    await screen.shows('c1 half-closed');
    await screen.shows('= EOF');
  });

  test('edits wide characters and emoji by grapheme, and keeps the columns straight', async () => {
    await connected();
    await screen.press('s', '中文👩‍🚀é');
    await screen.shows('中文👩');
    await screen.press(keys.backspace, keys.backspace);
    await screen.shows('send to c1 > 中文\\r\\n');
    expect(sendLine()).toContain('8 bytes');
  });

  test('asks a datagram socket for the address, and offers who was heard from', async () => {
    screen = openScreen({ loops: { accept: true, receive: true } });
    await screen.press('3', 'o', keys.enter);
    await screen.shows('u1 UNCONN');
    await screen.press('1', 'o', keys.enter);
    await screen.shows('c1 ESTAB');
    await screen.press('s', 'hello', keys.enter);
    await screen.shows('u1.recvfrom 64KiB = "hello" from');
    const port = portAt(screen.bench.state().sockets.get('c1')?.local);
    await screen.press(keys.escape, '3', 's');
    await screen.shows(`send u1 to 127.0.0.1:${port} >`);
    await screen.press('back', keys.enter);
    await screen.shows(`u1.sendto "back" 127.0.0.1:${port} = 4`);
    await screen.press(keys.tab, keys.ctrl('u'), 'nowhere', keys.tab, 'x', keys.enter);
    await screen.shows('! ');
    expect(sendLine()).toContain('nowhere');
  });

  test('shows what is typed where it is narrow, and leaves out what it says of it', async () => {
    screen = openScreen({ columns: 60, rows: 16, loops: { accept: true, receive: true } });
    for (const line of [
      'u1 = socket AF_INET SOCK_DGRAM',
      'u1.bind 127.0.0.1:9000',
      'u2 = socket AF_INET SOCK_DGRAM',
    ])
      await screen.call(callOf(line));
    await screen.call(callOf('u2.bind 127.0.0.1:9001'));
    await screen.press('3', 's', 'hello there');
    await screen.shows('send u2 to 127.0.0.1:9000 > hello there');
    expect(sendLine()).toContain('11 bytes');
  });

  const three = async (): Promise<void> => {
    await connected();
    for (const name of ['c2', 'c3']) {
      await screen.call(callOf(`${name} = socket AF_INET SOCK_STREAM`));
      await screen.call(callOf(`${name}.connect 127.0.0.1:51423`));
    }
    await screen.shows('a3 ESTAB');
  };

  test('sends to all that were accepted, or to all of the client, each with a call of its own', async () => {
    await three();
    // A receive stands in the log where it began: before the sends.
    screen.resize({ columns: 120, rows: 48 });
    await screen.press('2', 's', keys.ctrl('g'), 'no \\{n}');
    await screen.shows('send to all 3 accepted > no');
    await screen.press(keys.enter);
    for (const n of [1, 2, 3]) {
      await screen.shows(`a${n}.send "no 1\\r\\n" = 6`);
      await screen.shows(`c${n}.recv 128KiB = "no 1\\r\\n"`);
    }
    await screen.press('x', keys.ctrl('g'));
    await screen.shows('send to a3 > x');
    await screen.press(keys.escape, '1', 's', keys.ctrl('g'));
    await screen.shows('send to all 3 connections >');
    await screen.press(keys.ctrl('d'));
    await screen.shows('One socket is half-closed at a time');
    await screen.press(keys.escape);
  });

  test('says which of several failed, and the others have it', async () => {
    await three();
    await screen.call(callOf('a2.shutdown SHUT_WR'));
    await screen.press('2', 's', keys.ctrl('g'), 'hi', keys.enter);
    await screen.shows('! a2: ');
    await screen.shows('EPIPE');
    await screen.shows('The other 2 took it');
    await screen.until(() => sendLine().includes('send to all 3 accepted > \\r'), 'an empty line');
    expect(['c1', 'c2', 'c3'].map(name => screen.bench.state().sockets.get(name)?.received)).toEqual([
      4, 0, 4,
    ]);
  });

  test('keeps a line that none of several took', async () => {
    await three();
    for (const name of ['a1', 'a2', 'a3']) await screen.call(callOf(`${name}.shutdown SHUT_WR`));
    await screen.press('2', 's', keys.ctrl('g'), 'hi', keys.enter);
    await screen.shows('! a1, a2 and a3: ');
    await screen.until(() => sendLine().includes('send to all 3 accepted > hi'), 'the line');
  });

  test('has no others for the only one of its kind, and for a datagram socket without a peer', async () => {
    await connected();
    await screen.press('s', keys.ctrl('g'));
    await screen.shows('c1 is the only one of its kind');
    await screen.press(keys.escape, '3', 'o', keys.enter, 's', keys.ctrl('g'));
    await screen.shows('u1 has no peer: each datagram goes to the address that stands here');
  });

  test('gives back what the kernel refused', async () => {
    await connected();
    await screen.call(callOf('c1.shutdown SHUT_WR'));
    await screen.press('s', 'too late', keys.enter);
    await screen.shows('EPIPE');
    await screen.until(() => sendLine().includes('send to c1 > too late'), 'what was typed');
  });

  test('recalls what was pasted so that it stands for the same bytes', async () => {
    await connected();
    await screen.press('s', keys.paste('C:\\new\nx'), 'y', keys.enter);
    await screen.shows('c1.send "C:\\\\new\\r\\nxy\\r\\n" = 12');
    await screen.press(keys.up);
    await screen.until(() => sendLine().includes('> C:\\\\new\\r\\nxy'), 'the line again');
    expect(sendLine()).toContain('12 bytes');
  });

  test('offers the newest sender first, whatever stands there', async () => {
    screen = openScreen({ loops: { accept: true, receive: true } });
    await screen.call(callOf('u1 = socket AF_INET SOCK_DGRAM'));
    await screen.call(callOf('u1.bind 127.0.0.1:9000'));
    for (const name of ['c1', 'c2', 'c3']) {
      await screen.call(callOf(`${name} = socket AF_INET SOCK_DGRAM`));
      await screen.call(callOf(`${name}.sendto "x" 127.0.0.1:9000`));
    }
    const newest = portAt(screen.bench.state().sockets.get('c3')!.local);
    await screen.press('3', 's', keys.tab, keys.ctrl('u'), 'nobody', keys.up);
    await screen.shows(`send u1 to 127.0.0.1:${newest} `);
  });
});

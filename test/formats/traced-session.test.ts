import { describe, expect, test } from 'vitest';
import { exportLab } from '../../source/formats/lab/export-lab.ts';
import { projectionOf } from '../../source/formats/projection/projection.ts';
import { createSocketBytes } from '../../source/formats/socket-bytes.ts';
import { flow, sessionFrom } from './by-hand.ts';
import { greeting, tracedEntries } from './traced-session.ts';
import { hasTshark } from './tshark.ts';

describe.skipIf(!hasTshark)('pcapng of traced programs', () => {
  const whole = ['40000 S 0', '51423 AS 0', '40000 A 0', '40000 AP 5', '40000 AF 0', '51423 AF 0'];
  const ofNote = (rows: readonly string[]) => rows.filter(row => !/ A 0$/.test(row) || row === whole[2]);
  /** With the acknowledgement that ends the handshake alone. */
  const rowsOf = async (lines: string) => {
    const rows = await flow(sessionFrom(tracedEntries(lines)));
    const third = rows.indexOf(whole[2]!);
    return ofNote(rows).filter((row, n) => row !== whole[2] || n === third);
  };

  test('is one connection, though the kernel could not be asked where its ends are', async () => {
    expect(await rowsOf(greeting())).toEqual(whole);
  });

  test('an end that no call told is where the other end says', async () => {
    const connecting = greeting().replace(/^\d+ getsockname.*\n/m, '');
    const asked = connecting.replace(
      /^(\d+) (connect.*\n)/m,
      '$1 $2$1 getsockname(4<socket:[200]>, {sa_family=AF_INET, sin_port=htons(40000), sin_addr=inet_addr("127.0.0.1")}, [16]) = 0 <0.0>\n',
    );
    expect(await rowsOf(asked)).toEqual(whole);
  });

  test('where nothing tells them, the bytes are there all the same', async () => {
    const rows = await flow(sessionFrom(tracedEntries(greeting(false))));
    expect(rows.filter(row => / AP 5$/.test(row)).length).toBeGreaterThan(0);
  });
});

test('bytes of a socket that was told twice are one socket’s', () => {
  const { begins } = createSocketBytes('p2.4', 'sent');
  expect(tracedEntries(greeting()).filter(begins)).toHaveLength(1);
});

test('a descriptor that is another socket later is told apart', () => {
  const again = greeting().replace(/^(\d+) close\(4.*\n/m, line => {
    const pid = line.split(' ')[0];
    return `${line}${pid} socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 4<socket:[201]> <0.0>\n`;
  });
  const { begins } = createSocketBytes('p2.4', 'sent');
  expect(tracedEntries(again).filter(begins)).toHaveLength(2);
});

test('a lab of none but processes is refused with what to do instead', () => {
  const said = exportLab(projectionOf(sessionFrom(tracedEntries(greeting()))));
  expect(said).toEqual({
    ok: false,
    message:
      "12 calls of processes and none of the bench's own: a lab makes calls of the bench; what traced processes called, an export to python makes again",
  });
  expect(exportLab(projectionOf(sessionFrom([])))).toMatchObject({ message: /no call was made/ });
});

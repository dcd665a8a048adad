import { describe, expect, it } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import { hexHost, type NetTable, parseNetTable } from '../../source/core/model/proc-net.ts';

/** Captured on Linux 6.18, x64; each `ss -tuano` line beside it was taken at the same time. */
const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   0: 0100007F:8FB1 00000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 31755 3 00000000921ae944 100 0 0 10 0                      
   2: 0100007F:E4B6 0100007F:CB1F 01 0039B600:00000000 04:00000012 00000000     0        1 31760 2 000000001c5584e6 20 0 0 16 -1                      
   3: 0100007F:8FB1 0100007F:BCF2 01 00000000:00000000 00:00000000 00000000     0        0 0 1 000000001f71c14d 20 0 0 10 -1                          
   5: 0100007F:C765 0100007F:EE0E 06 00000000:00000000 03:00000D25 00000000     0        0 0 3 00000000dbf8f194                                       
10011: 0100007F:BCF6 0100007F:8FB1 02 00000001:00000000 01:0000002F 00000001     0        0 31758 2 0000000058113b27 100 0 0 1 -1                      
`;

const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:CB1F 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31759 1 00000000b3353be3 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:CB1F 0000000000000000FFFF00000100007F:E4B6 01 00000000:0001F600 00:00000000 00000000     0        0 31761 1 0000000068c000d3 20 8 0 10 -1
   2: 00000000000000000000000001000000:CB1F 00000000000000000000000001000000:B972 08 00000000:00000001 00:00000000 00000000     0        0 31770 1 000000002dc96952 20 4 0 10 -1
   6: 00000000000000000000000001000000:B972 00000000000000000000000001000000:CB1F 05 00000000:00000000 00:00000000 00000000     0        0 31769 1 00000000f141cc9d 20 0 0 11 -1
`;

const udp = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            
 4920: 0100007F:C187 00000000:0000 07 00000000:00001D40 00:00000000 00000000     0        0 31764 2 00000000a371fd0e 41        
14228: 0100007F:A5E3 0100007F:C187 01 00000000:00000000 00:00000000 00000000     0        0 31765 2 00000000bf085950 0         
`;

const udp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 5923: 00000000000000000000000001000000:8572 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 31766 2 000000007b82cf8c 7
`;

const quiet = { rcvQ: 0, sndQ: 0, timer: 'none', timerMs: 0, retransmits: 0, drops: 0 };
const loopback = (port: number) => inet('127.0.0.1', port);
const loopback6 = (port: number) => inet('::1', port);

describe('rows of /proc/net', () => {
  it('reads listeners, queues, timers and retransmits of tcp', () => {
    expect(parseNetTable(tcp, 'tcp')).toEqual([
      // LISTEN     2      1                127.0.0.1:36785            0.0.0.0:*
      {
        ...quiet,
        local: loopback(36785),
        remote: inet('0.0.0.0', 0),
        state: 'LISTEN',
        rcvQ: 2,
        inode: 31755,
      },
      // ESTAB      0      3782144          127.0.0.1:58550          127.0.0.1:51999 timer:(persist,160ms,1)
      {
        ...quiet,
        local: loopback(58550),
        remote: loopback(51999),
        state: 'ESTAB',
        sndQ: 3782144,
        timer: 'zero-window',
        timerMs: 180,
        inode: 31760,
      },
      // Not accepted yet: no file is open on it.
      { ...quiet, local: loopback(36785), remote: loopback(48370), state: 'ESTAB', inode: 0 },
      // TIME-WAIT  0      0                127.0.0.1:51045          127.0.0.1:60942 timer:(timewait,33sec,0)
      {
        ...quiet,
        local: loopback(51045),
        remote: loopback(60942),
        state: 'TIME-WAIT',
        timer: 'time-wait',
        timerMs: 33650,
        inode: 0,
      },
      // SYN-SENT   0      1                127.0.0.1:48374          127.0.0.1:36785 timer:(on,456ms,1)
      {
        ...quiet,
        local: loopback(48374),
        remote: loopback(36785),
        state: 'SYN-SENT',
        sndQ: 1,
        timer: 'retransmit',
        timerMs: 470,
        retransmits: 1,
        inode: 31758,
      },
    ]);
  });

  it('reads tcp6, v4-mapped addresses as IPv4', () => {
    expect(
      parseNetTable(tcp6, 'tcp6').map(({ local, remote, state, rcvQ }) => [local, remote, state, rcvQ]),
    ).toEqual([
      [inet('::', 51999), inet('::', 0), 'LISTEN', 0],
      [loopback(51999), loopback(58550), 'ESTAB', 128512],
      [loopback6(51999), loopback6(47474), 'CLOSE-WAIT', 1],
      [loopback6(47474), loopback6(51999), 'FIN-WAIT-2', 0],
    ]);
  });

  it('reads memory and drops of udp and udp6; an open datagram socket is UNCONN, not CLOSED', () => {
    expect(parseNetTable(udp, 'udp').map(({ state, rcvQ, drops }) => [state, rcvQ, drops])).toEqual([
      ['UNCONN', 7488, 41],
      ['ESTAB', 0, 0],
    ]);
    expect(parseNetTable(udp6, 'udp6')).toMatchObject([
      { local: loopback6(34162), state: 'UNCONN', drops: 7 },
    ]);
  });

  it('leaves out what is no row', () => {
    expect(parseNetTable('', 'tcp')).toEqual([]);
    expect(parseNetTable(tcp.slice(0, tcp.indexOf('\n') + 60), 'tcp')).toEqual([]);
    expect(parseNetTable('   0: zz00007F:8FB1 junk\n', 'tcp')).toEqual([]);
  });

  it('has a socket once where the kernel lists it again', () => {
    for (const [table, text] of Object.entries({ tcp, tcp6, udp, udp6 })) {
      const again = text + text.slice(text.indexOf('\n') + 1);
      expect(parseNetTable(again, table as NetTable)).toEqual(parseNetTable(text, table as NetTable));
    }
  });
});

describe('addresses in hexadecimal', () => {
  it.each([
    ['0100007F', '127.0.0.1'],
    ['00000000', '0.0.0.0'],
    ['FE01A8C0', '192.168.1.254'],
    ['00000000000000000000000000000000', '::'],
    ['B80D0120000000000000000001000000', '2001:db8::1'],
    ['000080FE00000000FF4A0A02FE8190FE', 'fe80::20a:4aff:fe90:81fe'],
    // RFC 5952 4.2.2 and 4.2.3: one zero group stays, the longest run goes, of equal runs the first.
    ['B80D0120010000000100010001000100', '2001:db8:0:1:1:1:1:1'],
    ['B80D0120000000000000010001000000', '2001:db8::1:0:0:1'],
    ['00000120000000000000000001000000', '2001::1'],
  ])('%s is %s', (digits, host) => {
    expect(hexHost(digits)).toBe(host);
  });

  it('reads the words of a big-endian machine as they stand', () => {
    expect(hexHost('7F000001', false)).toBe('127.0.0.1');
    expect(hexHost('20010DB8000000000000000000000001', false)).toBe('2001:db8::1');
  });
});

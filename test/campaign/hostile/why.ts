import { print, printJson } from '../../../source/cli/print.ts';
import { observe } from '../../../source/traces/looks/observe.ts';
import { reportJson } from '../../../source/traces/verdict/report-json.ts';
import { reportLines } from '../../../source/traces/verdict/report-text.ts';
import type { Chance } from '../../support/chance.ts';
import { inAccept, inFutex, inRecv, look, tcpRow } from '../../traces/made-up-proc.ts';
import { attackText } from './attacks.ts';
import { captured } from './captured.ts';
import type { Place } from './place.ts';

/** /proc is read a byte a character: names and arguments are UTF-8, or none, in it. */
const bytes = (text: string): string => Buffer.from(text).toString('latin1');

/** A word of a command line ends at a NUL. */
const word = (chance: Chance): string => bytes(attackText(chance).replaceAll('\0', ''));

/** Two programs in a deadlock and one that accepts, whose names, arguments and sockets others have chosen. */
const machine = (chance: Chance) => {
  const name = () => word(chance).replaceAll('\\', '\\\\').replaceAll('\n', '\\n').slice(0, 15);
  return look({
    processes: [
      {
        pid: 10,
        name: name(),
        argv: [word(chance), word(chance)],
        threads: [{ syscall: inRecv(3) }],
        fds: { 3: 'socket:[101]', 5: word(chance) },
      },
      {
        pid: 20,
        name: name(),
        argv: [`python3`, word(chance)],
        threads: [{ syscall: inRecv(3) }, { tid: 21, syscall: inFutex() }],
        fds: { 3: 'socket:[201]' },
      },
      {
        pid: 30,
        name: name(),
        threads: [{ syscall: inAccept(4) }, { tid: 31, syscall: null, wchan: word(chance) }],
        fds: { 4: 'socket:[20]' },
      },
    ],
    tcp: { '': [tcpRow({ from: 8000, to: 5000, inode: 101 }), tcpRow({ from: 5000, to: 8000, inode: 201 })] },
    unix: [`0000000045c3678d: 00000002 00000000 00010000 0001 01 20 ${word(chance).replaceAll('\n', '')}`],
  });
};

export const why: Place = {
  name: 'what why says of programs',
  share: 30,
  show: async chance => {
    const made = machine(chance);
    const seen = await observe(made, [10, 20, 30], async () => made);
    const json = chance.below(4) === 0;
    const text = await captured(() =>
      json ? printJson(reportJson(seen)) : print(reportLines(seen).join('\n')),
    );
    return { text, output: 'lines' };
  },
};

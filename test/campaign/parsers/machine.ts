import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTraced } from '../../../source/cli/tracing/trace-teller.ts';
import { observe } from '../../../source/traces/looks/observe.ts';
import { lookAt } from '../../../source/traces/proc/machine.ts';
import { orElse, type ProcFiles, told } from '../../../source/traces/proc/proc-files.ts';
import type { BesideStrace } from '../../../source/traces/strace/beside.ts';
import { createStraceReader } from '../../../source/traces/strace/reader.ts';
import { createTranslator } from '../../../source/traces/strace/translator.ts';
import { reportLines } from '../../../source/traces/verdict/report-text.ts';
import type { Chance } from '../../support/chance.ts';
import {
  inAccept,
  inFutex,
  inPoll,
  inRecv,
  madeUpProc,
  plainFacts,
  tcpRow,
} from '../../traces/made-up-proc.ts';
import type { Subject } from './subject.ts';
import { mangled } from './texts.ts';

const folder = join(import.meta.dirname, '../../traces/fixtures/strace');
const streams = readdirSync(folder).map(name => readFileSync(join(folder, name), 'latin1'));

const nothing: BesideStrace = {
  ownerOf: () => null,
  socketOf: () => null,
  callOf: () => null,
  epollOf: () => [],
};

/** A part of a stream: a whole one has hundreds of lines, and one that is wrong is enough. */
const partOf = (chance: Chance, stream: string): string => {
  const lines = stream.split(/(?<=\n)/);
  const from = chance.below(lines.length);
  return lines.slice(from, from + 1 + chance.below(12)).join('');
};

const strace: Subject = {
  name: 'what strace prints',
  share: 20,
  input: chance => {
    const text = mangled(
      chance,
      Array.from({ length: 3 }, () => partOf(chance, chance.one(streams))),
    );
    const bytes = Buffer.from(text, 'latin1');
    const cut = chance.below(bytes.length + 1);
    const read = (): undefined => {
      const reader = createStraceReader();
      const translator = createTranslator(nothing, createTraced().names);
      translator.take(reader.take(bytes.subarray(0, cut)));
      translator.take(reader.quiet());
      translator.take(reader.take(bytes.subarray(cut)));
      translator.take(reader.quiet());
    };
    return { shown: text, read };
  },
};

/** Two programs that wait for each other, a third that polls, and a machine of sockets. */
const machine = madeUpProc({
  processes: [
    {
      pid: 10,
      threads: [{ syscall: inRecv(3) }, { tid: 11, syscall: inFutex() }],
      fds: { 3: 'socket:[101]' },
    },
    { pid: 20, name: 'client', threads: [{ syscall: inRecv(3) }], fds: { 3: 'socket:[201]', 4: 'pipe:[7]' } },
    {
      pid: 30,
      threads: [
        { syscall: inPoll(1, -1) },
        { tid: 31, syscall: inAccept(5) },
        { tid: 32, syscall: null, wchan: 'x' },
      ],
      fds: { 5: 'socket:[100]', 6: 'anon_inode:[eventpoll]' },
      fdinfo: { 6: 'tfd: 5 events: 19 data: 5 pos:0 ino:64 sdev:9\n' },
    },
  ],
  tcp: {
    '': [
      tcpRow({ from: 8000, to: 0, inode: 100 }),
      tcpRow({ from: 8000, to: 5000, inode: 101 }),
      tcpRow({ from: 5000, to: 8000, inode: 201 }),
    ],
  },
  unix: ['0000000045c3678d: 00000002 00000000 00010000 0001 01 20 /run/a b'],
});

/** The same machine, of which a few files say something else; which ones goes by their names. */
const spoiledProc = (chance: Chance): ProcFiles => {
  const odds = 2 + chance.below(12);
  const texts = new Map<string, string>();
  const spoil = (path: string, text: string): string => {
    if (!texts.has(path)) texts.set(path, chance.below(odds) === 0 ? mangled(chance, [text]) : text);
    return texts.get(path)!;
  };
  return {
    ...machine,
    read: path => {
      const answer = machine.read(path);
      return answer.ok || chance.below(odds) > 0 ? told(spoil(path, orElse(answer, ''))) : answer;
    },
    link: path => {
      const answer = machine.link(path);
      return answer.ok ? told(spoil(path, answer.value)) : answer;
    },
    links: path => {
      const answer = machine.links(path);
      if (!answer.ok) return answer;
      return told(
        answer.value.map(({ name, target }) => ({ name, target: spoil(`${path}/${name}`, target) })),
      );
    },
  };
};

const proc: Subject = {
  name: '/proc',
  share: 10,
  input: chance => {
    const files = spoiledProc(chance);
    const look = () => lookAt(files, plainFacts, 'x64', 10);
    const read = async (): Promise<undefined> => {
      reportLines(await observe(look(), [10, 20, 30], async () => look()));
    };
    return { shown: 'a machine whose files are spoiled', read };
  },
};

export const machineSubjects: readonly Subject[] = [strace, proc];

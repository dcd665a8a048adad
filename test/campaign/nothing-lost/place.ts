import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Peer } from '../../e2e/foreign.ts';
import { ensureBuilt, projectFolder, type StartOptions, start, type Terminal } from '../../e2e/terminal.ts';

export const program = join(projectFolder, 'bin/sockbench.cjs');

/** What one input starts and leaves, all of which ends with it. */
export type Place = {
  /** A file of its own. */
  readonly file: (name: string) => string;
  /** sockbench without a screen. */
  readonly run: (words: readonly string[], out?: number | 'pipe') => ChildProcess;
  /** sockbench on a terminal. */
  readonly screen: (options: StartOptions) => Terminal;
  readonly peer: <P extends Peer>(peer: P) => P;
  /** Done at the end, whatever became of it. */
  readonly behind: (deed: () => void) => void;
};

export const inPlace = async (play: (place: Place) => Promise<void>): Promise<void> => {
  ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-lost-'));
  const endings: (() => void | Promise<void>)[] = [];
  try {
    await play({
      file: name => join(folder, name),
      run: (words, out) => {
        const child = spawn(process.execPath, [program, ...words], {
          stdio: ['pipe', out ?? 'ignore', 'pipe'],
        });
        // What is said to a program that has ended is lost, as on any pipe.
        child.stdin!.on('error', () => {});
        endings.push(async () => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          child.kill('SIGKILL');
          await once(child, 'exit');
        });
        return child;
      },
      screen: options => {
        const terminal = start(options);
        endings.push(terminal.dispose);
        return terminal;
      },
      peer: peer => {
        endings.push(() => peer.stop());
        return peer;
      },
      behind: deed => endings.push(deed),
    });
  } finally {
    for (const end of endings.reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** What a program says on standard error, up to what is waited for; rejects where it ends first. */
export const told = (child: ChildProcess, what: RegExp): Promise<RegExpMatchArray> =>
  new Promise((resolve, reject) => {
    let text = '';
    child.stderr!.on('data', (piece: Buffer) => {
      text += piece;
      const match = what.exec(text);
      if (match) resolve(match);
    });
    child.once('close', (code, signal) => reject(new Error(`it ended with ${signal ?? code}: ${text}`)));
  });

/** Throws where these are not all the same: what each of them is named by is said. */
export const expectSame = (found: Readonly<Record<string, string>>): void => {
  if (new Set(Object.values(found)).size !== 1) throw new Error(JSON.stringify(found, null, 1));
};

/** What `sockbench export` writes, piece by piece. Throws where it fails. */
export async function* exported(file: string, ...words: readonly string[]): AsyncGenerator<Buffer> {
  const child = spawn(process.execPath, [program, 'export', file, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    complaint += text;
  });
  const over = once(child, 'close');
  try {
    yield* child.stdout;
    const [code] = await over;
    if (code !== 0) throw new Error(`export ${words.join(' ')} ended with ${code}: ${complaint}`);
  } finally {
    child.kill('SIGKILL');
  }
}

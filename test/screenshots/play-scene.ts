import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Peer, startPeer } from '../e2e/foreign.ts';
import { ensureBuilt, projectFolder, start, type Terminal } from '../e2e/terminal.ts';
import type { Frame } from './film-picture.ts';
import type { Film } from './films.ts';
import type { Cells } from './kept-cells.ts';
import { lasting } from './lasting.ts';
import type { Act, Scene } from './scenes.ts';

/** A lab waits for the person: before a line, before a stage, or at its end. */
const labWaits =
  /[>❯] (?:next|下一步) |Space (?:goes on with stage|继续第)|The lab is over|实验已?结束|has stopped|已停下/;

const all = (terminal: Terminal, patterns: readonly RegExp[]): boolean =>
  patterns.every(pattern => pattern.test(terminal.picture()));

/** What a step changes: the lesson's lines and its number, not the clocks. */
const lesson = (terminal: Terminal): string =>
  terminal
    .screen()
    .map(row => /║(.*?)║/.exec(row)?.[1] ?? '')
    .join('\n');

/** The lab waits, and its lesson is drawn to its end. */
const atRest = async (terminal: Terminal): Promise<void> => {
  for (let before = ''; before !== lesson(terminal) || !labWaits.test(before); ) {
    await terminal.until(labWaits);
    before = lesson(terminal);
    await new Promise(resume => setTimeout(resume, 80));
  }
};

const step = async (terminal: Terminal, patterns: readonly RegExp[]): Promise<void> => {
  await atRest(terminal);
  while (!all(terminal, patterns)) {
    const before = lesson(terminal);
    terminal.type(' ');
    await terminal.until(() => lesson(terminal) !== before);
    await atRest(terminal);
  }
};

const press = async (terminal: Terminal, key: string, patterns: readonly RegExp[]): Promise<void> => {
  while (!all(terminal, patterns)) {
    const before = terminal.picture();
    terminal.type(key);
    await terminal.until(() => terminal.picture() !== before);
  }
};

const perform = async (terminal: Terminal, act: Act): Promise<void> => {
  if ('type' in act) terminal.type(act.type);
  else if ('press' in act) await press(terminal, act.press, act.to);
  else if ('step' in act) await step(terminal, act.step);
  else await terminal.until(() => all(terminal, act.until));
};

/** The screen once it has stood still, but for what varies, over `looks` looks in a row. */
const settled = async (terminal: Terminal, scene: Played): Promise<Cells> => {
  const looks = 4;
  const pause = 120;
  let before: readonly string[] = [];
  let same = 0;
  for (let left = 40; same < looks && left > 0; left--) {
    await new Promise(resume => setTimeout(resume, pause));
    const now = lasting(terminal.cells(), scene);
    same = isDeepStrictEqual(now, before) ? same + 1 : 0;
    before = now;
  }
  if (same < looks) throw new Error(`${scene.name} does not come to rest:\n${terminal.picture()}`);
  return terminal.cells();
};

/** Records a run of a lab, from the program itself. */
const record = (lab: string, file: string): void => {
  ensureBuilt();
  const program = join(projectFolder, 'bin/sockbench.cjs');
  execFileSync(process.execPath, [program, '--record', file, 'run', lab], { stdio: 'ignore' });
};

/** Starts the scene's programs one after the other. */
const startPrograms = async ({ programs = [] }: Played): Promise<readonly Peer[]> => {
  const peers: Peer[] = [];
  let given: readonly string[] = [];
  for (const { file, prints } of programs) {
    const peer = startPeer('python3', [file, ...given], { cwd: import.meta.dirname });
    peers.push(peer);
    [, ...given] = await peer.until(prints);
  }
  return peers;
};

/** What is played: a scene, or a film. */
export type Played = Omit<Scene, 'acts'>;

/** Runs the real program in a pseudo-terminal for as long as `play` takes. */
const onTerminal = async <T>(scene: Played, play: (terminal: Terminal) => Promise<T>): Promise<T> => {
  const { cols, rows, env } = scene;
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-scene-'));
  const file = 'session.jsonl';
  if (scene.record) record(scene.record, join(folder, file));
  const programs = await startPrograms(scene);
  const last = [...programs.map(({ pid }) => String(pid)), ...(scene.record ? [file] : [])];
  const terminal = start({
    args: [...(scene.args ?? []), ...last],
    cwd: folder,
    ...(cols && { cols }),
    ...(rows && { rows }),
    ...(env && { env }),
  });
  try {
    await terminal.ready();
    return await play(terminal);
  } finally {
    await terminal.dispose();
    await Promise.all(programs.map(program => program.stop('SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Does what the scene says, and answers the screen's cells. */
export const playScene = (scene: Scene): Promise<Cells> =>
  onTerminal(scene, async terminal => {
    for (const act of scene.acts) await perform(terminal, act);
    return settled(terminal, scene);
  });

/** Does what the film says, and answers its frames. */
export const playFilm = (film: Film): Promise<readonly Frame[]> =>
  onTerminal(film, async terminal => {
    const frames: Frame[] = [];
    for (const { acts, says, seconds } of film.shots) {
      for (const act of acts) await perform(terminal, act);
      frames.push({ cells: await settled(terminal, film), says, seconds });
    }
    return frames;
  });

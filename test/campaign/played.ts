import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardFolder } from '../support/started.ts';
import type { Campaign, Lost, Tally } from './campaign.ts';

export type Play = {
  /** The module that has the campaign, in `campaigns`. */
  readonly table: string;
  readonly seed: number;
  readonly count: number;
  readonly deadline: number;
  /** MiB of JavaScript's heap that a campaign may come to need; what grows beyond it is lost. */
  readonly heap?: number;
};

/** Deaths of its process after which a campaign ends: each may have taken a minute. */
const deaths = 20;

type Progress = { readonly at: number; readonly tried: number; readonly survived: number };

const readProgress = (file: string): Progress => {
  let text = '';
  try {
    text = readFileSync(file, 'latin1');
  } catch {
    // The process has not begun.
  }
  const [at = -1, tried = 0, survived = 0] = text.match(/.{20}/g)?.map(Number) ?? [];
  return { at, tried, survived };
};

/** Ends a process that stays at one input for longer than `patience` ms. Resolves with what it died of, or null. */
const attended = (child: ChildProcess, file: string, patience: number): Promise<string | null> =>
  new Promise(resolve => {
    let last = '';
    let since = Date.now();
    let hung = false;
    const timer = setInterval(() => {
      const now = JSON.stringify(readProgress(file));
      if (now !== last) since = Date.now();
      last = now;
      if (Date.now() - since <= patience) return;
      hung = true;
      child.kill('SIGKILL');
    }, 250);
    child.once('exit', (code, signal) => {
      clearInterval(timer);
      if (hung) resolve(`no answer in ${patience / 1_000} s`);
      else resolve(code === 0 ? null : `its process ended with ${signal ?? code}`);
    });
  });

type Stretch = Progress & { readonly died: string | null };

/** One process, from a seed on until it has done its count or dies. */
const stretch = async (
  campaign: Campaign,
  play: Play,
  hears: (said: Lost | string) => void,
): Promise<Stretch> => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-campaign-'));
  const file = join(folder, 'progress');
  const { table, seed, count, deadline, heap = 1_024 } = play;
  const words = [table, campaign.name, seed, count, deadline, file].map(String);
  const guard = guardFolder(folder);
  try {
    const child = fork(join(import.meta.dirname, 'play.ts'), words, {
      execArgv: [`--max-old-space-size=${heap}`],
      env: { ...process.env, TMPDIR: folder, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaint = '';
    child.stderr!.setEncoding('utf8').on('data', text => {
      complaint = (complaint + text).slice(-4_000);
    });
    child.on('message', said => hears(said as Lost | string));
    const died = await attended(child, file, (campaign.patience ?? 60) * 1_000);
    return { ...readProgress(file), died: died === null ? null : `${died}\n${complaint}`.trim() };
  } finally {
    await guard.end();
  }
};

/** Plays a campaign in processes of its own: one that hangs, or takes its process with it, is lost, and the next input goes on. */
export const played = async (campaign: Campaign, play: Play): Promise<Tally> => {
  const lost: Lost[] = [];
  const told: string[] = [];
  const hears = (said: Lost | string) => (typeof said === 'string' ? told.push(said) : lost.push(said));
  let tried = 0;
  let survived = 0;
  for (let dead = 0; dead < deaths; ) {
    const left = { ...play, seed: play.seed + tried, count: play.count - tried };
    if (left.count === 0 || Date.now() >= play.deadline) break;
    const part = await stretch(campaign, left, hears);
    survived += part.survived;
    tried += part.tried;
    if (part.died === null) break;
    if (part.at < 0) throw new Error(`${campaign.name} did not begin: ${part.died}`);
    dead++;
    tried++;
    lost.push({ seed: part.at, what: part.died });
  }
  return { tried, survived, lost, told };
};

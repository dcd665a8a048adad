import { spawn } from 'node:child_process';
import { type Campaign, eachInput } from './campaign.ts';

const campaign = (name: string, attack: (seed: number) => void): Campaign => ({
  name,
  is: 'a fault that a campaign must report',
  small: 10,
  full: 10,
  patience: 3,
  run: eachInput(({ seed }) => attack(seed)),
});

/** Campaigns whose input 103 is lost, each in a way of its own. */
export const campaigns: readonly Campaign[] = [
  campaign('throws', seed => {
    if (seed === 103) throw new Error('it throws');
  }),
  campaign('hangs', seed => {
    while (seed === 103);
  }),
  campaign('grows', seed => {
    const held: number[][] = [];
    while (seed === 103) held.push(new Array(100_000).fill(seed));
  }),
  campaign('kills', seed => {
    if (seed === 103) process.kill(process.pid, 'SIGKILL');
  }),
  campaign('leaves a program', seed => {
    if (seed !== 103) return;
    spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    process.kill(process.pid, 'SIGKILL');
  }),
];

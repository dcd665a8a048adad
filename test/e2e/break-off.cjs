'use strict';

// Loaded before the program (NODE_OPTIONS): on SIGUSR2 it ends as WAY says; with SOON by itself.
const ways = {
  exception: () => {
    throw new Error('thrown on purpose: s3cret');
  },
  rejection: () => {
    void Promise.reject(new Error('rejected on purpose: s3cret'));
  },
  abort: () => process.abort(),
  memory: () => {
    const kept = [];
    for (;;) kept.push(new Array(100_000).fill(kept.length));
  },
  exit: () => process.exit(5),
  frame: () => {
    process.stdout.write('\x1b[?2026h half a frame \x1b]0;half a title');
    process.kill(process.pid, 'SIGKILL');
  },
};

const go = () => ways[process.env.WAY]();

if (require('node:worker_threads').isMainThread) {
  process.on('SIGUSR2', go);
  // Behind what the program begins with: by then it hears of what nobody caught.
  if (process.env.SOON) process.on('newListener', name => name === 'uncaughtException' && setTimeout(go));
}

'use strict';

// Loaded before the program (NODE_OPTIONS): on SIGUSR2 happens what WAY says; with SOON by itself.
const clock = Date.now;
let ahead = 0;

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
  // The clock of the day goes a day ahead, then two days back.
  clock: () => {
    ahead = ahead > 0 ? -86_400_000 : 86_400_000;
    Date.now = () => clock() + ahead;
  },
  // What is held, in bytes, once all garbage is gone. Code is not counted, nor what only code points to (V8's trusted space): with use
  // each function comes to have its own, and no more.
  collect: () => {
    const v8 = require('node:v8');
    v8.setFlagsFromString('--expose-gc');
    const collect = require('node:vm').runInNewContext('gc');
    for (let n = 0; n < 2; n++) collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const ofCode = v8.getHeapSpaceStatistics().filter(({ space_name }) => /code|trusted/.test(space_name));
    const code = ofCode.reduce((sum, { space_used_size }) => sum + space_used_size, 0);
    const held = require('node:path').join(process.env.HOME, 'held');
    require('node:fs').writeFileSync(`${held}.part`, String(heapUsed + arrayBuffers - code));
    require('node:fs').renameSync(`${held}.part`, held);
  },
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

import { createInterface } from 'node:readline';

/** Answers `count` with `count N DATAGRAMS`, N being the question's number, and `end` with the rate. */
export const answerQuestions = (count: () => number, rate: () => number): void => {
  let question = 0;
  createInterface({ input: process.stdin }).on('line', line => {
    if (line === 'count') {
      // Another turn of the loop, so that what waits in the kernel is counted too.
      setTimeout(() => console.log('count', ++question, count()), 50);
    } else if (line === 'end') {
      console.log('result', rate());
      process.exit(0);
    }
  });
};

import { run } from '../../../source/cli/program.ts';

/** What is written to both streams until `act` has ended. */
export const captured = async (act: () => unknown): Promise<string> => {
  let text = '';
  const streams = [process.stdout, process.stderr];
  const before = streams.map(stream => stream.write);
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const told = rest.at(-1);
    if (typeof told === 'function') told();
    return true;
  };
  for (const stream of streams) stream.write = write as typeof stream.write;
  try {
    await act();
  } finally {
    for (const [at, stream] of streams.entries()) stream.write = before[at]!;
  }
  return text;
};

/** What `sockbench WORDS...` prints, run in this process. */
export const printedBy = (...words: readonly string[]): Promise<string> =>
  captured(() => run(['node', 'sockbench', ...words]));

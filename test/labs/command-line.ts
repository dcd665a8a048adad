import { vi } from 'vitest';
import { run } from '../../source/cli/program.ts';

export type CommandLine = { readonly code: number; readonly out: string; readonly err: string };

/** Runs `sockbench WORDS...` in this process and catches what it prints. */
export const commandLine = async (...words: readonly string[]): Promise<CommandLine> => {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map(name =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk: unknown, ...rest: unknown[]) => {
      printed[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString();
      const told = rest.at(-1);
      if (typeof told === 'function') told();
      return true;
    }),
  );
  try {
    const code = await run(['node', 'sockbench', ...words]);
    return { code, out: printed.stdout, err: printed.stderr };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
};

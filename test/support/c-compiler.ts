import { execFileSync } from 'node:child_process';

const answers = (): boolean => {
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Whether there is a compiler of C here. */
export const hasGcc = answers();

/** Makes a program of a C file; throws with what the compiler says, warnings included. */
export const compile = (source: string, program: string): void => {
  execFileSync(
    'gcc',
    ['-Wall', '-Wextra', '-Wno-missing-field-initializers', '-Werror', '-pthread', '-o', program, source],
    {
      stdio: 'pipe',
    },
  );
};

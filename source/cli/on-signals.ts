import { signalCodes } from './screen/terminal.ts';

/** Aborts on Ctrl-C and on the signals that end a program; answers the exit status that tells which. */
export const onSignals = (controller: AbortController) => {
  let code: number | null = null;
  const stops = Object.entries(signalCodes).map(([signal, value]) => {
    const listener = () => {
      code = value;
      controller.abort(new Error(`stopped by ${signal}`));
    };
    process.once(signal, listener);
    return () => process.off(signal, listener);
  });
  return {
    code: () => code,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
};

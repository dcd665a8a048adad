import type { PlannedCall } from '../../source/formats/call-plan.ts';

/** Ports that a session's calls bind by number, well-known ones apart: they may be in TIME-WAIT when Python's turn comes. */
export const boundPorts = (calls: readonly PlannedCall[]): number[] => [
  ...new Set(
    calls.flatMap(({ call }) =>
      call.name === 'bind' && typeof call.address.port === 'number' && call.address.port >= 1024
        ? [call.address.port]
        : [],
    ),
  ),
];

/** One to one from the session's port numbers to Python's: a number that the system chose stands for one socket's end. */
export type PortMap = { readonly same: (session: number, python: number) => boolean };

export const createPortMap = (known: ReadonlyMap<number, number>): PortMap => {
  const there = new Map(known);
  const back = new Map([...known].map(([session, python]) => [python, session]));
  return {
    same: (session, python) => {
      if (session === 0 || python === 0) return session === python;
      if (there.has(session) || back.has(python)) return there.get(session) === python;
      there.set(session, python);
      back.set(python, session);
      return true;
    },
  };
};

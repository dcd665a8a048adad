/** One to one from the session's port numbers to Python's: a number that the system chose stands for one socket's end. */
export type PortMap = { readonly same: (session: number, python: number) => boolean };

/** `known`: ports that the session's person chose, and which ones the code used for them. */
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

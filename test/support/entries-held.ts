import { Session } from 'node:inspector';

type Held = { readonly objects: { readonly objectId: string } };

/**
 * How many entries all maps and sets of this thread have together, those of closures too: it is asked of the inspector, which looks
 * through the heap once all garbage is gone (Chrome DevTools Protocol, Runtime.queryObjects).
 */
export const entriesHeld = (): number => {
  const session = new Session();
  session.connect();
  // A session of this very thread answers before `post` returns.
  const ask = <T>(method: string, asked: object): T => {
    let answer: T | undefined;
    session.post(method, asked, (error, result) => {
      if (error) throw new Error(`${method}: ${error.message}`);
      answer = result as T;
    });
    return answer!;
  };
  const sizes = ['Map', 'Set'].map(kind => {
    const { result } = ask<{ result: { objectId: string } }>('Runtime.evaluate', {
      expression: `${kind}.prototype`,
    });
    const { objects } = ask<Held>('Runtime.queryObjects', { prototypeObjectId: result.objectId });
    // The prototype of all has no size of its own.
    const sum = `function () { return this.reduce((sum, one) => sum + (Object.hasOwn(one, 'constructor') ? 0 : one.size), 0); }`;
    const counted = ask<{ result: { value: number } }>('Runtime.callFunctionOn', {
      objectId: objects.objectId,
      functionDeclaration: sum,
      returnByValue: true,
    });
    return counted.result.value;
  });
  session.disconnect();
  return sizes.reduce((sum, size) => sum + size, 0);
};

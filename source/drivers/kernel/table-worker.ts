import { createTableReader, type TableReply, type TableRequest } from './table-reader.ts';

/** The reader in a thread of its own. A request rejects where the thread fails or was closed. */
export type TableWorker = {
  readonly read: (request: TableRequest) => Promise<TableReply>;
  readonly close: () => void;
};

type Answer = { readonly reply: TableReply } | { readonly error: string };

/** From source text, so that it needs no file beside the bundle. */
const source = `
const { parentPort } = process.getBuiltinModule('node:worker_threads');
const read = (${createTableReader.toString()})();
parentPort.on('message', request => {
  try {
    parentPort.postMessage({ reply: read(request) });
  } catch (error) {
    parentPort.postMessage({ error: String(error) });
  }
});`;

/**
 * Starts the thread (about 40 ms of its own time). It keeps the process alive only while a request is being
 * answered. One request at a time.
 */
export const startTableWorker = (): TableWorker => {
  // Not imported: loading it costs the first frame 2 ms, and few starts ever need it.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const worker = new Worker(source, { eval: true, execArgv: [], name: 'tables' });
  worker.unref();
  let settle: { resolve: (reply: TableReply) => void; reject: (error: Error) => void } | null = null;
  let ended: Error | null = null;

  const finish = (answer: Answer | Error): void => {
    worker.unref();
    const waiting = settle;
    settle = null;
    if (!waiting) return;
    if (answer instanceof Error) waiting.reject(answer);
    else if ('error' in answer) waiting.reject(new Error(answer.error));
    else waiting.resolve(answer.reply);
  };
  const end = (error: Error): void => {
    ended ??= error;
    finish(ended);
  };
  worker.on('message', (answer: Answer) => finish(answer));
  worker.on('error', error => end(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => end(new Error('the thread that reads /proc ended')));

  return {
    read: request =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        settle = { resolve, reject };
        worker.ref();
        worker.postMessage(request);
      }),
    close: () => {
      end(new Error('closed'));
      void worker.terminate();
    },
  };
};

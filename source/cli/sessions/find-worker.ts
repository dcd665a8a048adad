import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { RE2JS, RE2JSException } from 're2js';
import type { FoundSpans } from '../../commands/calling/command.ts';
import { mostSpans, type Span } from '../../core/bytes/find-spans.ts';
import { t } from '../../core/words/translate.ts';

/*
 * A person's own expression is matched in a thread of its own: RE2's time is linear in the bytes, but what it takes for each
 * goes up with the expression, to minutes. It runs this very file.
 */

/** Then an expression is given up, in ms. */
const longest = 3_000;

type Asked = { readonly pattern: string; readonly bytes: Uint8Array };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
};

/** UTF-8 where the bytes are, else a character a byte; places count bytes either way. */
const subjectOf = (bytes: Uint8Array): Uint8Array | string =>
  isUtf8(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** The places, or why there are none, in RE2's words: those of the person are the main thread's. */
const spansOf = ({ pattern, bytes }: Asked): readonly Span[] | string => {
  try {
    const matcher = RE2JS.compile(pattern).matcher(subjectOf(bytes));
    const spans: Span[] = [];
    while (spans.length < mostSpans && matcher.find()) {
      const [from, to] = [matcher.start(), matcher.end()];
      if (to > from) spans.push({ from, to });
    }
    return spans;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return error.message.replace(/^error parsing regexp: /, '');
  }
};

const isAsked = (data: unknown): data is Asked =>
  typeof data === 'object' && data !== null && 'pattern' in data && 'bytes' in data;

if (!isMainThread && isAsked(workerData)) parentPort!.postMessage(spansOf(workerData));

/** Every place where the expression matches; or a sentence: it is none, or takes too long. */
export const findPattern = (pattern: string, bytes: Uint8Array): Promise<FoundSpans> =>
  new Promise(resolve => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { pattern, bytes } satisfies Asked,
      execArgv: [],
      name: 'find',
    });
    const end = (found: FoundSpans) => {
      clearTimeout(timer);
      resolve(found);
      void worker.terminate();
    };
    const late = t`it was given up after ${longest / 1_000} s: write an expression with smaller repeats`;
    const timer = setTimeout(() => end({ ok: false, message: late }), longest);
    worker.on('message', (found: readonly Span[] | string) =>
      end(
        typeof found === 'string'
          ? { ok: false, message: t`this is no regular expression: ${found} (RE2 syntax)` }
          : { ok: true, spans: found },
      ),
    );
    worker.on('error', error => end({ ok: false, message: String(error) }));
  });

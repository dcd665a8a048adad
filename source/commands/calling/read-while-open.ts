import type { OverlayKind } from '../../bench/view/overlay.ts';
import type { Bytes } from '../../core/bytes/bytes.ts';
import { t } from '../../core/words/translate.ts';
import { withContents } from '../sockets/file-payload.ts';
import { type Context, say } from './command.ts';

/**
 * The payload with the contents of a file; a sentence where they cannot be had. Leaving the overlay it was written in
 * calls the reading off. Typed where there is no such overlay, it is read to its end.
 */
export const readWhileOpen = async (
  context: Context,
  kind: OverlayKind,
  bytes: Bytes,
): Promise<Bytes | string> => {
  if (bytes.kind !== 'file') return bytes;
  const { store, app } = context;
  const isOpen = () => store.getState().view.overlays.some(overlay => overlay.kind === kind);
  const left = new AbortController();
  const stop = isOpen() ? store.subscribe(() => !isOpen() && left.abort()) : () => {};
  const note = (sentence: string) => say(context, sentence, 'warning', true);
  try {
    return await withContents(bytes, { readFile: app.readFile, signal: left.signal, note });
  } catch {
    const sentence = t`${bytes.path} is not sent: its line was left while it was read`;
    say(context, sentence, 'warning');
    return sentence;
  } finally {
    stop();
  }
};

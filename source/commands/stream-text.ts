import { createStreams } from '../bench/stream.ts';
import type { ByteForm } from '../bench/view.ts';
import { formatHex } from '../core/hex.ts';
import type { Journal } from '../core/journal.ts';
import { escapeBytes } from '../core/payload.ts';
import type { SocketState } from '../core/state.ts';

/** A socket's stream as text to paste elsewhere: `>` before what it sent, `<` before what it received. */
export const streamText = (journal: Journal, socket: SocketState, form: ByteForm): string =>
  createStreams(journal)(socket)
    .chunks.map(({ out, data: read, total, note }) => {
      const data = read();
      const bytes = form === 'hex' ? formatHex(data) : escapeBytes(data).text;
      const more = total > data.length ? ` ... ${total} bytes` : '';
      return `${out ? '>' : '<'} ${bytes}${more}${note === '' ? '' : ` (${note})`}`;
    })
    .join('\n');

import { createStreams } from '../../bench/view/streams.ts';
import type { ByteForm } from '../../bench/view/view.ts';
import { formatHex } from '../../core/bytes/hex.ts';
import { escapeBytes } from '../../core/bytes/payload.ts';
import type { Journal } from '../../core/model/journal.ts';
import type { SocketState } from '../../core/model/state.ts';
import { t } from '../../core/words/translate.ts';

/** A socket's stream as text to paste elsewhere: `>` before what it sent, `<` before what it received. */
export const streamText = (journal: Journal, socket: SocketState, form: ByteForm): string =>
  createStreams(journal)(socket)
    .chunks.map(({ out, data: read, total, note }) => {
      const data = read();
      const bytes = form === 'hex' ? formatHex(data) : escapeBytes(data).text;
      const more = total > data.length ? t` ... ${total} bytes` : '';
      return `${out ? '>' : '<'} ${bytes}${more}${note === '' ? '' : ` (${note})`}`;
    })
    .join('\n');

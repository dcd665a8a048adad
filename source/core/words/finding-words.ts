import { safeText } from '../bytes/payload.ts';
import { humanSize } from '../language/units.ts';
import type { Finding } from '../model/finding.ts';
import { deadlockSentence } from './deadlock-words.ts';
import type { KeyWords } from './key-words.ts';
import { t } from './translate.ts';

const wordsOf = (finding: Finding, keys: KeyWords): string => {
  const on = finding.sockets[0] ?? '';
  switch (finding.name) {
    case 'deadlock':
      return deadlockSentence(finding, keys);
    case 'backlog-full': {
      const { waiting, backlog } = finding;
      const room = t`room for ${backlog + 1} (listen ${backlog}; Linux keeps one more)`;
      return t`${on}'s accept queue is full: ${waiting} waiting, ${room}; the next connect blocks`;
    }
    case 'zero-window': {
      const peer = finding.twin === '' ? t('its peer') : finding.twin;
      const held = t`${humanSize(finding.bytes)} wait in ${on}'s send queue`;
      const relay = finding.behind === undefined ? '' : t`, and its relay none to send on ${finding.behind}`;
      return t`zero window: ${peer} has no room to receive${relay}; ${held}`;
    }
    case 'datagrams-lost': {
      const lost = finding.count === 1 ? t('1 datagram') : t`${finding.count} datagrams`;
      return t`${on} lost ${lost}: its receive buffer was full`;
    }
    case 'every-interface': {
      const { host, port } = finding.local;
      return t`${on} is bound to every interface (${host}): other machines can reach port ${port}`;
    }
    case 'descriptors':
      return t`${finding.open} of ${finding.limit} descriptors are open: at the limit no socket can be made or accepted (EMFILE); close what has ended, or raise it (ulimit -n)`;
    case 'recording':
      return finding.begun
        ? t`the recording ends here: ${finding.trouble}`
        : t`nothing is recorded: ${finding.trouble}`;
    case 'worded':
      return finding.words;
  }
};

/** THE words for a finding, as one line, safe to print. It needs no state: it may be told long after. */
export const findingSentence = (finding: Finding, keys: KeyWords): string => safeText(wordsOf(finding, keys));

import type { OverlayOf } from '../../bench/view/overlay.ts';
import type { ByteForm } from '../../bench/view/view.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { keyHints } from '../../commands/calling/keymap.ts';
import { byteLength, slice } from '../../core/bytes/bytes.ts';
import { looksLike } from '../../core/bytes/looks-like.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { formatCall } from '../../core/language/line.ts';
import { humanDuration } from '../../core/language/units.ts';
import type { EndedEntry, Entry, QueuedEntry, RunningEntry } from '../../core/model/entry.ts';
import { threadTitle } from '../../core/model/threads.ts';
import { entryText, formatSeconds } from '../../core/words/entry-text.ts';
import { explain } from '../../core/words/errors.ts';
import { keyHint } from '../../core/words/key-words.ts';
import { formatOutcome } from '../../core/words/outcome-text.ts';
import { certificateWords, verificationWords } from '../../core/words/tls-facts-words.ts';
import { t } from '../../core/words/translate.ts';
import { byteLines } from '../parts/byte-lines.ts';
import { frame } from '../parts/frame.ts';
import { line, padded, type StyledLine, span } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { Role, Theme } from '../theme.ts';
import { centred, type Drawn, type Screen } from './drawn.ts';

const label = 14;

/** A named value, wrapped beside its name. */
const fact = (name: string, value: string, width: number, role: Role = 'plain'): StyledLine[] =>
  wrap(value, Math.max(10, width - label - 2), role).map((part, index) =>
    line(span(` ${padded(index === 0 ? name : '', label)} `, 'dim'), part),
  );

type AboutCall = QueuedEntry | RunningEntry | EndedEntry;

const callFacts = (entry: AboutCall, width: number): StyledLine[] => {
  const startedAt = entry.kind === 'queued' ? null : entry.startedAt;
  const thread = entry.thread === '' ? t('none: it acts at once') : threadTitle(entry.thread);
  return [
    ...fact(
      t('call'),
      `${formatCall(entry.call, 400)}${entry.looped ? `  ${t('(made by a loop)')}` : ''}`,
      width,
      'strong',
    ),
    ...fact(t('thread'), thread, width),
    ...fact(t('asked for'), t`${formatSeconds(entry.queuedAt)} s after the bench began`, width),
    ...(startedAt === null ? [] : fact(t('started'), `${formatSeconds(startedAt)} s`, width)),
    ...(entry.rule === undefined ? [] : fact(t('by'), t`rule ${entry.rule}`, width)),
    ...(entry.repeat === undefined ? [] : fact(t('repeat'), t`number ${entry.repeat}`, width)),
    ...(entry.inside > 0 ? fact(t('inside'), t('a part of another call'), width) : []),
  ];
};

/** What a loop does after its call, where that is not the same call again. */
const loopFacts = ({ afterwards }: EndedEntry, width: number): StyledLine[] => {
  switch (afterwards?.kind) {
    case 'serve':
      return fact(t('the loop'), t('accepts again when this connection is closed: it has one thread'), width);
    case 'pause':
      return fact(t('the loop'), t`tries again at ${formatSeconds(afterwards.until)} s`, width);
    case 'unanswered':
      return fact(t('the loop'), t('has no rule for what has come, and lets go of the oldest of it'), width);
    case 'repeat':
      return fact(t('the repeat'), t`sends again at ${formatSeconds(afterwards.until)} s`, width);
    case 'late':
      return fact(
        t('the repeat'),
        t`is ${humanDuration(afterwards.by)} late, and sends again at once`,
        width,
      );
    case 'refuse':
      return fact(t('the relay'), t`reaches no target, and resets ${afterwards.socket}`, width);
    case 'faulted':
      return fact(t('the fault'), t('cancelled it: it is made again as the fault lets it'), width);
    case 'held': {
      const { call, until } = afterwards;
      return fact(t('the fault'), t`lets the next ${call} go at ${formatSeconds(until)} s`, width);
    }
    case 'answer': {
      const { rule, call, until } = afterwards;
      const answer =
        until === undefined
          ? t`answers by rule ${rule}: ${call}`
          : t`answers by rule ${rule}: ${call} at ${formatSeconds(until)} s`;
      return fact(t('the loop'), answer, width);
    }
    case undefined:
      return [];
  }
};

const failureFacts = (entry: EndedEntry, width: number): StyledLine[] => {
  if (entry.outcome.kind !== 'error') return [];
  const { code, errno, python, pythonText, layer, sentence, advice } = explain(entry.outcome, entry.call);
  const raised = python === '' ? t('raises nothing') : `${python}: ${pythonText}`;
  return [
    line(),
    ...fact(t('failed'), safeText(sentence), width, 'bad'),
    ...fact(t('code'), errno === null ? code : `${code}, errno ${errno}`, width),
    ...fact(t('in Python'), safeText(raised), width),
    ...fact(t('layer'), layer, width),
    ...(advice === '' ? [] : fact(t('try'), safeText(advice), width, 'strong')),
  ];
};

/** What a handshake of TLS has agreed on, and what the peer has shown. */
const tlsFacts = ({ outcome }: EndedEntry, width: number): StyledLine[] => {
  if (outcome.kind !== 'none' || !outcome.tls) return [];
  const { version, cipher, alpn, sni, chain, made } = outcome.tls;
  return [
    line(),
    ...fact('TLS', version, width, 'strong'),
    ...fact(t('cipher'), cipher, width),
    ...(alpn === '' ? [] : fact('ALPN', safeText(alpn), width)),
    ...(sni === '' ? [] : fact('SNI', safeText(sni), width)),
    ...fact(t('verification'), safeText(verificationWords(outcome.tls)), width),
    ...(made
      ? fact(t('certificate'), t('its own, made on the spot: clients trust it only unasked'), width)
      : []),
    ...chain.flatMap((certificate, at) =>
      fact(at === 0 ? t('the peer') : t('behind it'), safeText(certificateWords(certificate)), width),
    ),
  ];
};

/** What TLS has moved on the connection by then. */
const wireFacts = ({ outcome }: EndedEntry, width: number): StyledLine[] => {
  if (!('wire' in outcome) || !outcome.wire) return [];
  const { given, taken, held } = outcome.wire;
  return fact(
    t('records'),
    t`${given} bytes sent and ${taken} received on this connection by then, ${held} decrypted and not received`,
    width,
  );
};

/** Bytes shown of one call in its entry. */
const shownBytes = 65_536;

const payloadOf = (entry: EndedEntry): { name: string; data: Uint8Array; total: number } | null => {
  const { call, outcome } = entry;
  if (outcome.kind === 'data' && outcome.data.length > 0) {
    return { name: t('received'), data: outcome.data.subarray(0, shownBytes), total: outcome.data.length };
  }
  if (!('data' in call)) return null;
  return { name: t('sent'), data: slice(call.data, 0, shownBytes), total: byteLength(call.data) };
};

const payloadLines = (entry: EndedEntry, form: ByteForm, width: number): StyledLine[] => {
  const payload = payloadOf(entry);
  if (!payload || payload.total === 0) return [];
  const more = payload.total > payload.data.length ? t`, the first ${payload.data.length} shown` : '';
  const size = payload.total === 1 ? t('1 byte') : t`${payload.total} bytes`;
  return [
    line(),
    line(span(` ${payload.name}${t(', ')}${size}${more}`, 'dim')),
    ...byteLines(payload.data, form, width - 3).map(part => line('   ', part)),
  ];
};

const likeFacts = (entry: EndedEntry, width: number): StyledLine[] => {
  const like = looksLike(entry.call, entry.outcome);
  return like === '' ? [] : fact(t('looks like'), like, width, 'strong');
};

const endedFacts = (entry: EndedEntry, form: ByteForm, width: number): StyledLine[] => [
  ...fact(t('ended'), `${formatSeconds(entry.t)} s`, width),
  ...(entry.startedAt === null
    ? []
    : fact(t('took'), `${formatSeconds(entry.t - entry.startedAt)} s`, width)),
  ...fact(t('outcome'), formatOutcome(entry.outcome, entry.call, 200), width),
  ...failureFacts(entry, width),
  ...tlsFacts(entry, width),
  ...wireFacts(entry, width),
  ...loopFacts(entry, width),
  ...likeFacts(entry, width),
  ...payloadLines(entry, form, width),
];

const links = (entry: Entry, width: number, keyOf: KeyOf): StyledLine[] => [
  ...(entry.by ? fact(t('caused by'), `#${entry.by} ${keyHint(keyOf('cause'))}`, width) : []),
  ...(entry.wakes ? fact(t('woke'), `#${entry.wakes} ${keyHint(keyOf('effect'))}`, width) : []),
];

const contents = (entry: Entry, form: ByteForm, width: number): StyledLine[] => {
  switch (entry.kind) {
    case 'queued':
      return callFacts(entry, width);
    case 'running': {
      const until = entry.deadline === null ? t('no timeout') : `${formatSeconds(entry.deadline)} s`;
      return [...callFacts(entry, width), ...fact(t('deadline'), until, width)];
    }
    case 'ended':
      return [...callFacts(entry, width), ...endedFacts(entry, form, width)];
    default:
      return [
        ...fact(t('entry'), entryText(entry, 2_000), width),
        ...fact(t('at'), `${formatSeconds(entry.t)} s`, width),
      ];
  }
};

/** All that an entry of the log holds; a failed call with its code, errno, Python class, layer and advice. */
export const drawEntry = (
  overlay: OverlayOf<'entry'>,
  entry: Entry | undefined,
  form: ByteForm,
  keyOf: KeyOf,
  screen: Screen,
  theme: Theme,
): Drawn => {
  const width = Math.min(100, screen.columns - 2);
  const all = entry
    ? [...contents(entry, form, width - 2), ...links(entry, width - 2, keyOf)]
    : [line(` ${t`Entry #${overlay.n} is no longer kept: the journal holds only the newest`}`)];
  const height = Math.min(screen.rows - 2, Math.max(12, all.length + 3));
  const box = centred(screen, width, height);
  const page = height - 2;
  const top = Math.min(overlay.top, Math.max(0, all.length - page));
  const more =
    all.length > page
      ? `${t(', ')}${t`rows ${top + 1} to ${Math.min(all.length, top + page)} of ${all.length}`}`
      : '';
  const title = {
    name: line(span(t`Entry #${overlay.n}`, 'title')),
    notes: [],
    foot: `${keyHints(keyOf, ['bytes', t('bytes')], ['copy', t('copy')], ['stream', t('stream')], ['glossary', t('words')], ['back', t('back')])}${more}`,
  };
  return {
    ...box,
    frame: frame(title, all.slice(top, top + page), box.width, height, true, theme),
    cursor: null,
    page,
    count: all.length,
  };
};

import type { Layer } from './error-rows.ts';
import { type ErrorCode, errorTable } from './error-table.ts';
import { explainCode } from './errors.ts';
import { facts, programs, states, type Term } from './glossary-rows.ts';
import { t } from './translate.ts';

const codeLabs: { readonly [C in ErrorCode]?: string } = {
  EACCES: 'broadcast',
  EADDRINUSE: 'time-wait',
  EAGAIN: 'nonblocking',
  EALREADY: 'connect-timeout',
  EBADF: 'tls-handshake',
  ECONNREFUSED: 'error-refused',
  ECONNRESET: 'reset',
  EDESTADDRREQ: 'udp-connect',
  EINPROGRESS: 'nonblocking',
  EINVAL: 'server',
  EISCONN: 'connect',
  EMSGSIZE: 'udp-oversize',
  ENOENT: 'unix-socket',
  ENOTCONN: 'connect',
  EOPNOTSUPP: 'udp-server',
  EPIPE: 'broken-pipe',
  ETIMEDOUT: 'connect-timeout',
  EAI_ADDRFAMILY: 'error-gaierror',
  EAI_NONAME: 'error-gaierror',
  EAI_SERVICE: 'error-gaierror',
  HOST_NOT_FOUND: 'error-herror',
  NO_SERVICE: 'service-names',
  TIMEOUT: 'error-timeout',
  INTERRUPTED: 'udp-no-end',
  SSL: 'tls-handshake',
  SSL_CERT: 'tls-handshake',
};

/** The lab that comes nearest to a code that none shows, by the layer that fails. */
const layerLabs: Readonly<Record<Layer, string>> = {
  resolve: 'error-gaierror',
  connect: 'error-refused',
  tls: 'tls-handshake',
  transfer: 'reset',
  timeout: 'error-timeout',
  usage: 'connect',
};

/** Names of calls and programs stay as they are written. */
const isName = (word: string): boolean => /^(?:settimeout|makefile|sockbench)$/.test(word);

const sentence = (text: string): string => {
  const [first = ''] = text.split(' ');
  return isName(first) ? text : text[0]!.toUpperCase() + text.slice(1);
};

const explained = (code: ErrorCode): string => {
  const { sentence: what, advice } = explainCode(code)!;
  return t`${sentence(what)}. ${sentence(advice)}.`;
};

/** An error in the words that explain it wherever it happens. */
const codeTerms = (code: ErrorCode): readonly (readonly [string, Term])[] => {
  const layer = code in states ? undefined : explainCode(code)?.layer;
  if (layer === undefined) return [];
  const lab = codeLabs[code];
  const place = lab === undefined ? ({ lab: layerLabs[layer], near: true } as const) : { lab };
  return [
    [
      code,
      {
        ...place,
        get says() {
          return explained(code);
        },
      },
    ],
  ];
};

/** The same of words, each row in the language that it is read in. */
const wordTerms = (rows: Readonly<Record<string, Term>>): readonly (readonly [string, Term])[] =>
  Object.entries(rows).map(([word, row]) => [
    word,
    {
      ...row,
      get says() {
        return t(row.says);
      },
    },
  ]);

/** THE table of words, in the order in which they are listed: what a program is, states, facts, error codes. */
export const glossary: ReadonlyMap<string, Term> = new Map<string, Term>([
  ...wordTerms(programs),
  ...wordTerms(states),
  ...wordTerms(facts),
  ...(Object.keys(errorTable) as ErrorCode[]).flatMap(codeTerms),
]);

/** A word of the table as it is shown: in the person's language, and as the field writes it. */
export const wordTitle = (word: string): string => {
  const { title = word } = glossary.get(word) ?? {};
  const own = t(title);
  return own === word ? word : t`${own} (${word})`;
};

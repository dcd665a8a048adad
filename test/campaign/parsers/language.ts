import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { rulePatternProblem } from '../../../source/bench/behaviours/rule-pattern.ts';
import { interpret } from '../../../source/commands/calling/interpret.ts';
import { commandTable } from '../../../source/commands/calling/table.ts';
import { parseWrappedAddress } from '../../../source/commands/calling/wrapped-address.ts';
import { readSavedValue } from '../../../source/commands/keeping/saved-value.ts';
import { parseAddress } from '../../../source/core/addresses/address.ts';
import { parseEscapes, parseTextEscapes } from '../../../source/core/bytes/payload.ts';
import { parseFaultsText } from '../../../source/core/language/fault-text.ts';
import { parseLine } from '../../../source/core/language/line.ts';
import { readMessageHex, readMessageText } from '../../../source/core/language/message-text.ts';
import { parseRelayTarget } from '../../../source/core/language/relay-text.ts';
import { parseRepeat } from '../../../source/core/language/repeat-text.ts';
import { parseRuleText } from '../../../source/core/language/rule-text.ts';
import { parseAnyTimeout, parseDuration, parseSize } from '../../../source/core/language/units.ts';
import { readLine } from '../../../source/core/language/values.ts';
import type { Answer } from './judge.ts';
import { ofTexts, type Subject } from './subject.ts';

const labs = join(import.meta.dirname, '../../../source/labs/built-in');

type LabFile = { readonly stages: readonly { readonly do: string }[] };

/** Every line of the built-in labs: all of the language that a lesson needs. */
const labLines: readonly string[] = readdirSync(labs)
  .map(name => parse(readFileSync(join(labs, name), 'utf8')) as LabFile)
  .flatMap(({ stages }) => stages.flatMap(stage => stage.do.split('\n')))
  .filter(line => line.trim() !== '');

const addresses = [
  '127.0.0.1:80',
  'localhost 9000',
  '[::1]:9',
  '[fe80::1%lo]:9',
  'tls://example.org:443',
  'udp://0.0.0.0:53',
  'tls://localhost:8443 insecure server_hostname="x"',
  'unix:/run/x',
  'unix:///run/x y',
  'unix:@a\\0b',
  ':9',
  '"odd host":"odd port"',
];

const rules = [
  'recv "PING" send "PONG"',
  'accept send "hello\\r\\n" then close',
  'recv starts hex"01 03" send hex"01 83"',
  'recv contains "x" echo after 200ms',
  'recv /^GET (\\S+)/i send "200 $1\\r\\n" then half-close',
  'recv /(?P<a>[^\\]/]+)(b|c)*\\Q.\\E/sm send file"x"',
  'recv reset',
  'discard',
];

const messages = [
  'n \\{n} at \\{time}\\r\\n',
  '\\{len:2be}\\{@a}abc\\{crc16:a..}\\x00\\u{1f600}',
  '\\{sum:4HEX:a..b}\\{unix:le}\\{unixms:dec}',
  '01 03 \\{crc16} ff',
  '\\x02\\t\\"quoted\\"\\0',
];

/** A sentence instead of an answer of its own, as the palette shows it. */
const interpreted = (text: string): Answer => {
  const read = interpret(text, commandTable, { port: '9000', data: '"x"' });
  return read.kind === 'error' ? { ok: false, message: read.message } : { ok: true };
};

/** Lines, and parts of lines, that a person types, pastes, or has in a file. */
export const languageSubjects: readonly Subject[] = [
  ofTexts('addresses', 100, addresses, parseAddress),
  ofTexts('wrapped addresses', 40, addresses, parseWrappedAddress),
  ofTexts('relay targets', 20, addresses, parseRelayTarget),
  ofTexts('lines', 200, labLines, parseLine),
  ofTexts('lines with values', 100, labLines, text =>
    readLine(text, { port: '9000', x: '"x"', me: '[::1]:1' }),
  ),
  ofTexts(
    'the palette',
    50,
    [...labLines, 'listen 9000', 'filter c1', 'connect ::1 9', 'rule accept echo'],
    interpreted,
  ),
  ofTexts('rules', 100, rules, text => parseRuleText(text, rulePatternProblem)),
  ofTexts(
    'what is kept by a name',
    40,
    [...rules, ...addresses, '"text"', 'hex"01"', 'file"x"'],
    readSavedValue,
  ),
  ofTexts(
    'faults',
    40,
    ['rate 64KiB/s delay 200ms', 'drop 10% seed 7', 'reset after 1KiB', 'split 3 every 1s'],
    parseFaultsText,
  ),
  ofTexts(
    'repeats',
    40,
    ['"hi" every 200ms 50 times', '"x \\{n}" to 127.0.0.1:9 every 10ms', 'off'],
    parseRepeat,
  ),
  ofTexts('payloads', 60, messages, parseEscapes),
  ofTexts('texts in quotes', 40, messages, parseTextEscapes),
  ofTexts('messages', 60, messages, readMessageText),
  ofTexts('messages in hex', 40, messages, readMessageHex),
  ofTexts('times', 20, ['200ms', '1.5s', '24h', 'none', '0.0001', '-1'], parseAnyTimeout),
  ofTexts('durations', 20, ['200ms', '1.5s', '24h', '0'], parseDuration),
  ofTexts('sizes', 20, ['4096', '64KiB', '1.5MiB', '1GiB'], parseSize),
];

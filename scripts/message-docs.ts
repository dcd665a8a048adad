import { formatPlain, messageValues, valueNames } from '../source/core/language/message-values.ts';
import { keepFresh, readProjectFile } from './generated.ts';
import { code, fill, table } from './markdown.ts';

const page = 'docs/messages.md';

const valueTable = (): string =>
  table(
    ['value', 'is', 'written'],
    valueNames.map(name => [
      code(`\\{${name}}`),
      messageValues[name].does,
      name === 'time' ? 'as text' : code(formatPlain(name)),
    ]),
  );

keepFresh({ [page]: fill(readProjectFile(page), { values: valueTable }, page) });

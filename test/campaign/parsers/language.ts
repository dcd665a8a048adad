import { parseAddress } from '../../../source/core/addresses/address.ts';
import { parseLine } from '../../../source/core/language/line.ts';
import type { Subject } from './subject.ts';

const addresses: Subject = {
  name: 'addresses',
  examples: [
    '127.0.0.1:80',
    '[::1]:9',
    'fe80::1%lo:9',
    'tls://example.org:443',
    'unix:/run/x',
    'unix:@a',
    ':9',
  ],
  read: text => parseAddress(text),
};

const lines: Subject = {
  name: 'lines',
  examples: ['s1 = socket AF_INET SOCK_STREAM', 'c1.connect 127.0.0.1:80 => OSError', 'c1.send "x\\n"'],
  read: text => parseLine(text),
};

export const languageSubjects: readonly Subject[] = [addresses, lines];

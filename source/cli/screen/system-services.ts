import { t } from '../../core/words/translate.ts';
import { portHolder } from '../../drivers/kernel/port-holder.ts';
import { freePort } from '../../drivers/system/free-port.ts';
import { measureSocketTurns } from '../../drivers/system/socket-turns.ts';
import { completePath } from '../../files/complete-path.ts';
import { readPayload } from '../../files/payload-file.ts';
import type { OutsideServices } from '../../ui/app.tsx';
import { toTerminal } from '../print.ts';
import { copyText } from './clipboard.ts';

const holderOf = async (port: number): Promise<string> => {
  const holder = await portHolder('tcp', port);
  if (!holder) return '';
  if (holder.pid === null) return t`it is in ${holder.state} at ${holder.local.host}`;
  return t`${holder.name} (pid ${holder.pid}) has it`;
};

/** What commands ask of the system, the same on every bench. What reads and writes sessions is loaded with the first of them. */
export const systemServices: OutsideServices = {
  copy: text => copyText(text, toTerminal),
  readFile: readPayload,
  completePath,
  freePort,
  holderOf,
  cpuTime: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
  measureSocketTurns,
  wait: ms => new Promise(resolve => setTimeout(resolve, ms)),
  save: async (...wanted) => (await import('../sessions/keep-session.ts')).keepSession(...wanted),
  saveBytes: async (...wanted) => (await import('../sessions/save-bytes.ts')).saveBytes(...wanted),
  copyBytes: async (...wanted) => (await import('../sessions/copy-bytes.ts')).copyBytes(...wanted),
  code: async (...wanted) => (await import('../sessions/show-code.ts')).showCode(...wanted),
  findPattern: async (pattern, bytes) =>
    (await import('../sessions/find-worker.ts')).findPattern(pattern, bytes),
};

import { t } from '../../core/words/translate.ts';
import { portHolder } from '../../drivers/kernel/port-holder.ts';
import { freePort } from '../../drivers/system/free-port.ts';
import { measureSocketTurns } from '../../drivers/system/socket-turns.ts';
import { completePath } from '../../files/complete-path.ts';
import { readPayload } from '../../files/payload-file.ts';
import type { OutsideServices } from '../../ui/app.tsx';
import { toTerminal } from '../print.ts';
import { copyBytes } from '../sessions/copy-bytes.ts';
import { keepSession } from '../sessions/keep-session.ts';
import { saveBytes } from '../sessions/save-bytes.ts';
import { showCode } from '../sessions/show-code.ts';
import { copyText } from './clipboard.ts';

const holderOf = async (port: number): Promise<string> => {
  const holder = await portHolder('tcp', port);
  if (!holder) return '';
  if (holder.pid === null) return t`it is in ${holder.state} at ${holder.local.host}`;
  return t`${holder.name} (pid ${holder.pid}) has it`;
};

/** What commands ask of the system, the same on every bench. */
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
  save: keepSession,
  saveBytes,
  copyBytes,
  code: showCode,
  findPattern: async (pattern, bytes) =>
    (await import('../sessions/find-worker.ts')).findPattern(pattern, bytes),
};

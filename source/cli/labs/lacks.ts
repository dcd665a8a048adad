import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { t } from '../../core/words/translate.ts';
import { nativeSockets } from '../../drivers/native/native-socket.ts';
import { privateEnds } from '../../drivers/node/private-node.ts';
import type { Need } from '../../labs/lab-schema.ts';
import type { Lacks } from '../../labs/needs.ts';

const hasIpv6 = (): boolean =>
  Object.values(networkInterfaces()).some(list => list?.some(({ address }) => address === '::1'));

const lackOf: Record<Need, () => string | null> = {
  linux: () => (process.platform === 'linux' ? null : t`this is ${process.platform}, not Linux`),
  ipv6: () => (hasIpv6() ? null : t('no interface has ::1')),
  koffi: () => {
    const native = nativeSockets();
    return typeof native === 'string' ? native : null;
  },
  python: () => (spawnSync('python3', ['-c', '']).status === 0 ? null : t('there is no python3 on the PATH')),
  telnet: () =>
    spawnSync('telnet', ['--help'], { stdio: 'ignore' }).error ? t('there is no telnet on the PATH') : null,
  gate: () => {
    const ends = privateEnds();
    return typeof ends === 'string' ? ends : null;
  },
  peer: () =>
    t(
      'it needs a peer outside the bench: comments in its lines say what that does; with one at hand, run --with-peer',
    ),
};

export const lacks: Lacks = async need => lackOf[need]();

/** The same where somebody outside is at hand who plays the peer's part: a person at the workbench, or `run --with-peer`. */
export const lacksBesidesPeer: Lacks = async need => (need === 'peer' ? null : lackOf[need]());

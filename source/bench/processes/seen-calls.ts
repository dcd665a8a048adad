import { inet } from '../../core/addresses/endpoint.ts';
import type { Call } from '../../core/calls/call.ts';
import type { SeenArguments, SeenNeed } from '../../core/model/looks.ts';
import type { Need } from '../../core/model/need.ts';
import type { ProcessId } from '../../core/model/process.ts';
import type { SeenNames } from './seen-names.ts';

const descriptorName = (names: SeenNames, { inode, fd }: { readonly inode: number; readonly fd: number }) =>
  names.nameOf(inode) || `fd${fd}`;

/** A call as the journal has it; null where its socket has no name yet. */
export const callOf = (names: SeenNames, actor: ProcessId, given: SeenArguments): Call | null => {
  if (given.name === 'poll') {
    const { wants, timeout, more } = given;
    return {
      name: 'poll',
      on: actor,
      wants: wants.map(want => ({ on: descriptorName(names, want), reads: want.reads, writes: want.writes })),
      timeout,
      ...(more > 0 ? { more } : {}),
    };
  }
  const on = names.nameOf(given.inode);
  if (on === '') return null;
  switch (given.name) {
    case 'recv':
    case 'recvfrom': {
      const { name, size, flags } = given;
      return { name, on, size, ...(flags.length > 0 ? { flags } : {}) };
    }
    case 'send':
      return { name: 'send', on, data: { kind: 'dropped', size: given.size } };
    case 'accept':
      return { name: 'accept', on };
    case 'connect':
      return { name: 'connect', on, address: names.socketOf(given.inode)?.peer ?? inet('', 0) };
  }
};

/** What would end it, with the names that the journal has; this program itself is nobody's holder. */
export const needOf = (names: SeenNames, need: SeenNeed, self: number): Need => ({
  on: descriptorName(names, need),
  act: need.act,
  other: names.nameOf(need.other),
  by: need.by.filter(pid => pid !== self).map(names.process),
  free: need.free,
});

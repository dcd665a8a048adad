import type { Driver, Notice } from '../../core/calls/driver.ts';
import type { LoopName } from '../../core/model/actors.ts';
import type { Caps } from '../../core/model/journal.ts';
import type { PeerLooker } from '../../core/model/looks.ts';
import type { Policy } from '../../core/model/names.ts';
import type { Observer } from '../../core/model/observer.ts';
import type { Spool } from '../../core/model/sink.ts';
import type { ProgramStarter } from '../processes/started-programs.ts';
import type { Clock } from './clock.ts';
import type { DescriptorCount } from './descriptor-watch.ts';

export type BenchOptions = {
  /** Called once; `notice` hears what the kernel does without a call. */
  readonly driver: (notice: (notice: Notice) => void) => Driver;
  readonly observer?: Observer;
  /** Closes connections that are over for good. */
  readonly closeEnded?: boolean;
  /** How many descriptors are open. */
  readonly descriptors?: DescriptorCount;
  /** Starts to look at processes of this machine at the other end of the bench's sockets: asked for once there are any. */
  readonly peers?: () => Promise<PeerLooker>;
  /** Starts programs beside the bench's own: a lesson's. */
  readonly programs?: ProgramStarter;
  readonly clock?: Clock;
  readonly caps?: Caps;
  readonly policy?: Policy;
  readonly loops?: Readonly<Record<LoopName, boolean>>;
  /**
   * Memory of payloads that the journal drops is written again. Only where nobody keeps an outcome's data for long: a
   * lab waits for calls that ended long ago.
   */
  readonly recycle?: boolean;
  /** Gets what the journal lets go of. */
  readonly spool?: Spool;
};

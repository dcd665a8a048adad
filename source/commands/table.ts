import { acting } from './acting.ts';
import { closingCommands } from './closing.ts';
import type { Command } from './command.ts';
import { faultCommands } from './faults.ts';
import { findCommands } from './find.ts';
import { findBytesCommands } from './find-bytes.ts';
import { inputCommands } from './inputs.ts';
import { labCommands } from './labs.ts';
import { lookCommands } from './look.ts';
import { loopCommands } from './loops-and-policy.ts';
import { mouseCommands } from './mouse.ts';
import { moveCommands } from './move.ts';
import { optionCommands } from './options.ts';
import { replayCommands } from './replay.ts';
import { ruleCommands } from './rules.ts';
import { saveCommands } from './save.ts';
import { saveBytesCommands } from './save-bytes.ts';
import { savedCommands } from './saved.ts';
import { sendGroupCommands } from './send-group.ts';
import { sessionCommands } from './session.ts';
import { socketCommands } from './sockets.ts';
import { textCommands } from './text.ts';
import { tabCommands, timelineCommands } from './timeline.ts';
import { interruptCommands, timingCommands } from './timing.ts';
import { transferCommands } from './transfer.ts';
import { whyCommands } from './why.ts';

/** THE table of commands. Its order is that of footer, help, palette and `sockbench keys`. */
export const commandTable: readonly Command[] = [
  ...timelineCommands,
  ...acting([
    ...loopCommands,
    ...transferCommands,
    ...sendGroupCommands,
    ...socketCommands,
    ...closingCommands,
    ...timingCommands,
    ...optionCommands,
    ...faultCommands,
    ...ruleCommands,
    ...labCommands,
    ...saveCommands,
  ]),
  ...saveBytesCommands,
  ...savedCommands,
  ...replayCommands,
  ...whyCommands,
  ...lookCommands,
  ...tabCommands,
  ...findCommands,
  ...findBytesCommands,
  ...moveCommands,
  ...mouseCommands,
  ...inputCommands,
  ...sessionCommands,
  ...interruptCommands,
  ...textCommands,
];

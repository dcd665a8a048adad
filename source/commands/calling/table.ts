import { labCommands } from '../keeping/lab-commands.ts';
import { saveCommands } from '../keeping/save.ts';
import { saveBytesCommands } from '../keeping/save-bytes-commands.ts';
import { savedCommands } from '../keeping/saved-commands.ts';
import { sessionCommands } from '../keeping/session-commands.ts';
import { findCommands } from '../looking/find.ts';
import { findBytesCommands } from '../looking/find-bytes-commands.ts';
import { lookCommands } from '../looking/look.ts';
import { mouseCommands } from '../looking/mouse-commands.ts';
import { moveCommands } from '../looking/move.ts';
import { replayCommands } from '../looking/replay-commands.ts';
import { textCommands } from '../looking/text.ts';
import { tabCommands, timelineCommands } from '../looking/timeline.ts';
import { whyCommands } from '../looking/why-commands.ts';
import { closingCommands } from '../sockets/closing.ts';
import { faultCommands } from '../sockets/fault-commands.ts';
import { loopCommands } from '../sockets/loops-and-policy.ts';
import { optionCommands } from '../sockets/option-commands.ts';
import { repeatCommands, repeatLineCommands } from '../sockets/repeat-commands.ts';
import { ruleCommands } from '../sockets/rule-commands.ts';
import { ruleListCommands, ruleReadingCommands } from '../sockets/rule-list.ts';
import { sendGroupCommands } from '../sockets/send-group.ts';
import { socketCommands } from '../sockets/socket-commands.ts';
import { interruptCommands, timingCommands } from '../sockets/timing.ts';
import { transferCommands } from '../sockets/transfer.ts';
import { acting } from './acting.ts';
import type { Command } from './command.ts';
import { inputCommands } from './inputs.ts';

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
    ...ruleListCommands,
    ...repeatCommands,
    ...labCommands,
  ]),
  ...saveCommands,
  ...saveBytesCommands,
  ...ruleReadingCommands,
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
  ...acting(repeatLineCommands),
  ...sessionCommands,
  ...interruptCommands,
  ...textCommands,
];

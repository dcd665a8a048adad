import { marked } from '../../core/words/translate.ts';
import { labCommands } from '../keeping/lab-commands.ts';
import { labPredictions } from '../keeping/lab-predictions.ts';
import { saveCommands } from '../keeping/save.ts';
import { saveBytesCommands } from '../keeping/save-bytes-commands.ts';
import { savedCommands } from '../keeping/saved-commands.ts';
import { sessionCommands } from '../keeping/session-commands.ts';
import { codeCommands } from '../looking/code-commands.ts';
import { findCommands } from '../looking/find.ts';
import { findBytesCommands } from '../looking/find-bytes-commands.ts';
import { glossaryCommands } from '../looking/glossary-commands.ts';
import { lookCommands } from '../looking/look.ts';
import { mouseCommands } from '../looking/mouse-commands.ts';
import { moveCommands } from '../looking/move.ts';
import { replayCommands } from '../looking/replay-commands.ts';
import { sortCommands } from '../looking/sort-commands.ts';
import { stageCommands } from '../looking/stage-commands.ts';
import { textCommands } from '../looking/text.ts';
import { tabCommands, timelineCommands } from '../looking/timeline.ts';
import { whyCommands } from '../looking/why-commands.ts';
import { closingCommands } from '../sockets/closing.ts';
import { faultCommands } from '../sockets/fault-commands.ts';
import { acceptCommands, loopCommands } from '../sockets/loops-and-policy.ts';
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
import { helpCommands, inputCommands } from './inputs.ts';

type Group = { readonly title: string; readonly commands: readonly Command[] };

/** THE table of commands by their kinds, whose titles are headings. Its order is that of footer, help, palette and `sockbench keys`. */
const commandGroups: readonly Group[] = [
  { title: marked('Timeline'), commands: timelineCommands },
  {
    title: marked('Begin, and labs'),
    commands: acting([...socketCommands, ...labCommands, ...labPredictions]),
  },
  {
    title: marked('Calls'),
    commands: acting([
      ...acceptCommands,
      ...transferCommands,
      ...sendGroupCommands,
      ...closingCommands,
      ...timingCommands,
      ...optionCommands,
    ]),
  },
  {
    title: marked('What goes on by itself'),
    commands: [
      ...acting([...loopCommands, ...faultCommands, ...ruleCommands, ...ruleListCommands, ...repeatCommands]),
      ...ruleReadingCommands,
    ],
  },
  { title: marked('Keep'), commands: [...saveCommands, ...saveBytesCommands, ...savedCommands] },
  { title: marked('Replay'), commands: replayCommands },
  {
    title: marked('Look closer'),
    commands: [
      ...whyCommands,
      ...lookCommands,
      ...codeCommands,
      ...glossaryCommands,
      ...stageCommands,
      ...tabCommands,
    ],
  },
  { title: marked('Find'), commands: [...findCommands, ...findBytesCommands] },
  { title: marked('Move'), commands: [...moveCommands, ...sortCommands, ...mouseCommands] },
  { title: marked('Forms, lists and lines'), commands: [...inputCommands, ...acting(repeatLineCommands)] },
  { title: marked('Program'), commands: [...helpCommands, ...sessionCommands, ...interruptCommands] },
  { title: marked('Typing'), commands: textCommands },
];

export const commandTable: readonly Command[] = commandGroups.flatMap(({ title, commands }) =>
  commands.map(each => ({ ...each, group: title })),
);

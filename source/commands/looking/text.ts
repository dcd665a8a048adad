import { editField, type FieldAction } from '../../bench/view/text-field.ts';
import { marked } from '../../core/words/translate.ts';
import { type Context, canAct, command, textPlaces } from '../calling/command.ts';
import { changeField } from '../calling/fields.ts';
import { overlayOf } from '../calling/overlays.ts';
import { endOfInput } from '../sockets/transfer.ts';

type Simple = Exclude<FieldAction['kind'], 'insert' | 'paste' | 'set'>;

const edit = (id: string, title: string, keys: readonly string[], kind: Simple) =>
  command({
    id: `text-${id}`,
    title,
    keys,
    where: textPlaces,
    listed: false,
    run: context => changeField(context, field => editField(field, { kind })),
  });

/** Takes what a refusal offers, where it offers something; else puts back what was cut. */
const yank = (context: Context): void => {
  const form = overlayOf(context.store.getState(), 'form');
  const offer = form?.refusal?.offer;
  changeField(context, field => editField(field, offer ? { kind: 'set', text: offer } : { kind: 'yank' }));
};

const deleteOrEnd = command({
  id: 'text-delete-or-end',
  title: marked('Delete the character under the cursor; in an empty send line: half-close'),
  short: marked('half-close if empty'),
  keys: ['ctrl-d'],
  where: textPlaces,
  listed: false,
  run: async context => {
    const send = overlayOf(context.store.getState(), 'send');
    if (send && send.at === 'payload' && send.payload.cells.length === 0 && canAct(context))
      await endOfInput(context);
    else changeField(context, field => editField(field, { kind: 'delete' }));
    return null;
  },
});

/** A text field's keys, as readline has them. */
export const textCommands = [
  edit('left', marked('Left a character'), ['left', 'ctrl-b'], 'left'),
  edit('right', marked('Right a character'), ['right', 'ctrl-f'], 'right'),
  edit('start', marked('To the start of the line'), ['home', 'ctrl-a'], 'start'),
  edit('end', marked('To the end of the line'), ['end', 'ctrl-e'], 'end'),
  edit('word-left', marked('Left a word'), ['alt-b', 'ctrl-left', 'alt-left'], 'word-left'),
  edit('word-right', marked('Right a word'), ['alt-f', 'ctrl-right', 'alt-right'], 'word-right'),
  edit('backspace', marked('Delete the character before the cursor'), ['backspace'], 'backspace'),
  edit('delete', marked('Delete the character under the cursor'), ['delete'], 'delete'),
  edit('cut-word', marked('Cut the word before the cursor'), ['ctrl-w', 'alt-backspace'], 'cut-word'),
  edit('cut-to-start', marked('Cut to the start of the line'), ['ctrl-u'], 'cut-to-start'),
  edit('cut-to-end', marked('Cut to the end of the line'), ['ctrl-k'], 'cut-to-end'),
  command({
    id: 'text-yank',
    title: marked('Put back what was cut; take what a form offers'),
    short: marked('take the offer'),
    keys: ['ctrl-y'],
    where: textPlaces,
    listed: false,
    run: yank,
  }),
  deleteOrEnd,
];

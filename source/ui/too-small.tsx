import { stands } from '../bench/view/view.ts';
import { type Context, say } from '../commands/calling/command.ts';
import { commandAt, doneBy } from '../commands/calling/keymap.ts';
import { placeOfPane } from '../commands/calling/overlays.ts';
import { quitLoses } from '../commands/keeping/quitting.ts';
import { safeText } from '../core/bytes/payload.ts';
import { t } from '../core/words/translate.ts';
import { leastSize, type Size } from './layout.ts';
import { Lines } from './parts/lines.tsx';
import { wrap } from './parts/wrap-text.ts';
import { useKeyOf, useWorld } from './screen-services.ts';
import { useNow } from './use-now.tsx';

/** Below the least size only the key that quits does something: it quits, and where that loses something it must come twice. */
export const pressWhenSmall = (context: Context, key: string): void => {
  if (commandAt(context.keymap, placeOfPane(context.store.getState().view.focus), key)?.id !== 'quit') return;
  const loses = quitLoses(context);
  const question = t`${loses}; ${doneBy(context.keyOf, 'quit')} again quits`;
  const { message } = context.store.getState().view;
  const asked = stands(message, context.source.now()) && message.text === question;
  if (loses === '' || asked) context.app.quit(0);
  else say(context, question, 'warning');
};

/** What a terminal that is too small has and needs. */
export const TooSmall = ({ size }: { readonly size: Size }) => {
  const quit = doneBy(useKeyOf(), 'quit');
  const message = useWorld(({ view }) => view.message);
  const said = stands(message, useNow()) ? safeText(message.text) : null;
  const need = t`sockbench needs ${leastSize.columns} columns and ${leastSize.rows} rows.`;
  const have = t`This terminal has ${size.columns} and ${size.rows}: make it larger, or ${quit} quits.`;
  const { columns } = size;
  const lines = [...wrap(`${need} ${have}`, columns), ...(said === null ? [] : wrap(said, columns))];
  return <Lines lines={lines} top={0} width={columns} />;
};

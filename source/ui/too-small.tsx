import { Text } from 'ink';
import { isForeign } from '../bench/selectors-sockets.ts';
import { type Context, say } from '../commands/command.ts';
import { leastSize, type Size } from './layout.ts';
import { useWorld } from './services.ts';

/** Below the least size only q does something: it quits, and with a foreign peer connected it must come twice. */
export const pressWhenSmall = (context: Context, key: string): void => {
  if (key !== 'q') return;
  const { view } = context.store.getState();
  const asked = view.message !== null && view.message.until > context.bench.now();
  const peers = [...context.bench.state().sockets.values()].filter(isForeign).length;
  if (peers === 0 || asked) context.app.quit(0);
  else say(context, 'A foreign peer is connected and will be cut off: q again quits', 'warning');
};

/** What a terminal that is too small has and needs. */
export const TooSmall = ({ size }: { readonly size: Size }) => {
  const message = useWorld(({ view }) => view.message);
  const need = `sockbench needs ${leastSize.columns} columns and ${leastSize.rows} rows.`;
  const have = `This terminal has ${size.columns} and ${size.rows}: make it larger, or q quits.`;
  return <Text wrap="wrap">{`${need} ${have}${message ? `\n${message.text}` : ''}`}</Text>;
};

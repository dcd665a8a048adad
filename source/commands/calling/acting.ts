import type { SourceKind } from '../../bench/engine/source.ts';
import { marked, t } from '../../core/words/translate.ts';
import { type ActingCommand, type Command, canAct, refusal } from './command.ts';

const readOnly: Readonly<Record<Exclude<SourceKind, 'bench'>, string>> = {
  replay: marked('This is a replay: nothing can be done in it'),
  watch: marked('These programs are watched, not acted on'),
  trace: marked('These programs are traced, not acted on'),
};

/** Why nothing can be done to what is shown; null: it can. */
export const cannotAct = (source: SourceKind): string | null =>
  source === 'bench' ? null : t(readOnly[source]);

/** Runs where there is a bench, and else says why not. */
export const onBench =
  (run: ActingCommand['run']): Command['run'] =>
  (context, values) =>
    canAct(context) ? run(context, values) : refusal(cannotAct(context.source.kind) ?? '');

/** Commands that act on the bench: where none is shown they say why they do not. */
export const acting = (commands: readonly ActingCommand[]): readonly Command[] =>
  commands.map(each => ({
    ...each,
    disabled: (world, keyOf) => cannotAct(world.source) ?? each.disabled(world, keyOf),
    run: onBench(each.run),
  }));

import type { World } from '../../bench/view/store.ts';
import { isStrip, shownBench } from '../../bench/view/view.ts';
import { titleOf } from '../../core/calls/call.ts';
import type { CodeAbout, CodeForm } from '../../core/model/code.ts';
import { marked, t } from '../../core/words/translate.ts';
import { type Context, command, panePlaces, type Result, refusal } from '../calling/command.ts';
import { changeOverlay, openOverlay, overlayOf } from '../calling/overlays.ts';
import { socketInFocus, socketOfEntry } from '../calling/targets.ts';
import { shownEntry } from './cause-commands.ts';
import { languageNames } from './code-titles.ts';

type Wanted = { readonly about: CodeAbout; readonly other: CodeAbout | null };

const lifeOf = (socket: string): CodeAbout => ({ kind: 'socket', socket });

/** The call under the cursor of log or timeline, or of the entry that is open; its socket's life is the other. */
const ofEntry = (context: Context, world: World): Wanted | null => {
  const entry = shownEntry(context);
  const socket = entry && socketOfEntry(shownBench(world), entry);
  const life = socket ? lifeOf(socket.name) : null;
  if (entry?.kind === 'queued' || entry?.kind === 'running' || entry?.kind === 'ended')
    return { about: { kind: 'call', id: entry.id, title: titleOf(entry.call) }, other: life };
  return life && { about: life, other: null };
};

const wanted = (context: Context): Wanted | null => {
  const world = context.store.getState();
  const stream = overlayOf(world, 'stream');
  if (!stream && (isStrip(world.view.focus) || overlayOf(world, 'entry'))) return ofEntry(context, world);
  const socket = socketInFocus(world);
  return socket ? { about: lifeOf(socket.name), other: null } : null;
};

/** The code, in an overlay of its own or in place of what that shows. */
const show = async (context: Context, { about, other }: Wanted, form: CodeForm): Promise<Result> => {
  const code = await context.app.code?.(context.source, about);
  if (code === undefined) return refusal(t('No code can be shown here'));
  if (typeof code === 'string') return refusal(code);
  const shown = { about, other, code, form, top: 0 };
  if (overlayOf(context.store.getState(), 'code')) changeOverlay(context, 'code', shown);
  else openOverlay(context, { kind: 'code', ...shown });
  return null;
};

export const codeCommands = [
  command({
    id: 'code',
    title: marked("As code: the call under the cursor, or the socket's life so far, in Python and in C"),
    short: marked('code'),
    keys: ['V'],
    where: [...panePlaces, 'entry', 'stream'],
    footer: 13,
    run: context => {
      const found = wanted(context);
      return found ? show(context, found, 'python') : refusal(t('No call and no socket is under the cursor'));
    },
  }),
  command({
    id: 'code-language',
    title: marked('Python or C'),
    short: ({ view }) => {
      const top = view.overlays.at(-1);
      return languageNames[top?.kind === 'code' && top.form === 'python' ? 'c' : 'python'];
    },
    keys: ['tab'],
    where: ['code'],
    footer: 60,
    listed: false,
    run: context => {
      const overlay = overlayOf(context.store.getState(), 'code');
      if (overlay)
        changeOverlay(context, 'code', { form: overlay.form === 'python' ? 'c' : 'python', top: 0 });
    },
  }),
  command({
    id: 'code-life',
    title: marked("The call alone, or its socket's life so far"),
    short: marked('life or call'),
    keys: ['a'],
    where: ['code'],
    footer: ({ view }) => {
      const top = view.overlays.at(-1);
      return top?.kind === 'code' && top.other ? 58 : 0;
    },
    listed: false,
    run: context => {
      const overlay = overlayOf(context.store.getState(), 'code');
      if (!overlay?.other)
        return refusal(t('This is all of it: open the code of a call in the log for one alone'));
      return show(context, { about: overlay.other, other: overlay.about }, overlay.form);
    },
  }),
];

import type { OverlayOf } from '../../bench/view/overlay.ts';
import type { CodeForm } from '../../core/model/code.ts';
import { t } from '../../core/words/translate.ts';

export const languageNames: Readonly<Record<CodeForm, string>> = { python: 'Python', c: 'C' };

/** What is shown, and in which language. */
export const codeTitle = ({ about, form }: Pick<OverlayOf<'code'>, 'about' | 'form'>): string =>
  about.kind === 'call'
    ? t`${about.title} as ${languageNames[form]}`
    : t`${about.socket}'s life so far as ${languageNames[form]}`;

import type { LiveSource } from '../../bench/engine/source.ts';
import { t } from '../../core/words/translate.ts';
import { complain } from '../print.ts';

/** Says once that the disk takes no more of a recording. */
export const tellRecording = (source: LiveSource, who: string): void => {
  let told = false;
  source.subscribe(({ findings }) => {
    const found = findings.get('recording');
    if (told || found?.name !== 'recording') return;
    told = true;
    complain(t`${who}: not recorded any more: ${found.trouble}`);
  });
};

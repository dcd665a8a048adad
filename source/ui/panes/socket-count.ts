import { t } from '../../core/words/translate.ts';

export const socketCount = (count: number): string => (count === 1 ? t('1 socket') : t`${count} sockets`);

export const threadCount = (count: number): string => (count === 1 ? t('1 thread') : t`${count} threads`);

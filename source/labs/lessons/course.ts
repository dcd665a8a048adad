import type { Lab, Words } from '../lab.ts';
import { type ChapterName, chapterNames } from '../lab-schema.ts';

export const chapterTitles: Readonly<Record<ChapterName, Words>> = {
  connect: { en: 'A client connects', zh: '客户端去连接' },
  names: { en: 'Names and ports', zh: '名字和端口' },
  errors: { en: 'Errors', zh: '错误' },
  udp: { en: 'UDP', zh: 'UDP' },
  server: { en: 'A server', zh: '服务器' },
  blocking: { en: 'Blocking', zh: '阻塞' },
  deadlock: { en: 'Deadlock', zh: '死锁' },
  remedies: { en: 'Remedies', zh: '对策' },
  beyond: { en: 'Beyond the text', zh: '原文之外' },
};

type Placed = Pick<Lab, 'name' | 'chapter' | 'place'>;

/** One that is in no chapter comes last. */
const chapterAt = ({ chapter }: Placed): number =>
  chapter === null ? chapterNames.length : chapterNames.indexOf(chapter);

/** Labs in the order of the course. */
export const inCourse = <T extends Placed>(labs: readonly T[]): T[] =>
  [...labs].sort((a, b) => chapterAt(a) - chapterAt(b) || a.place - b.place || (a.name < b.name ? -1 : 1));

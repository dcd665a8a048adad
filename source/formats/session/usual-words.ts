import { wordOf } from './line-cursor.ts';

/** What stands between the values of a usual line, in its order. */
export const words = {
  ended: wordOf('{"kind":"ended","n":'),
  running: wordOf('{"kind":"running","n":'),
  t: wordOf(',"t":'),
  prev: wordOf(',"prev":'),
  id: wordOf(',"id":'),
  comma: wordOf(','),
  actor: wordOf('"actor":"'),
  call: wordOf('"call":"'),
  next: wordOf('",'),
  thread: wordOf('"thread":"'),
  queuedAt: wordOf('","queuedAt":'),
  /** The next six, as most lines have them. */
  onItsOwn: wordOf(',"inside":0,"looped":false,"startedAt":'),
  inside: wordOf(',"inside":'),
  looped: wordOf(',"looped":'),
  yes: wordOf('true'),
  no: wordOf('false'),
  startedAt: wordOf(',"startedAt":'),
  deadline: wordOf(',"deadline":'),
  nothing: wordOf('null'),
  none: wordOf(',"outcome":{"kind":"none"'),
  count: wordOf(',"outcome":{"kind":"count","count":'),
  data: wordOf(',"outcome":{"kind":"data","data":{"text":"'),
  dataEnd: wordOf('"}'),
  seen: wordOf('},"seen":'),
  /** Most lines end so. */
  unseenEnd: wordOf('},"seen":false}'),
  by: wordOf(',"by":'),
  wakes: wordOf(',"wakes":'),
  end: wordOf('}'),
  lineEnd: wordOf('}\n'),
  callTo: wordOf('"call":'),
} as const;

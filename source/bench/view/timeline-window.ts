/** What of the timeline is shown. Times in ms since the bench began. */
export type TimelineView = {
  /** How long a screen is. */
  readonly span: number;
  /** The time at its left edge; null follows now. */
  readonly start: number | null;
  /** The thread of the chosen row, '' for the first; the entry of the chosen call, 0 for the row's newest shown. */
  readonly thread: string;
  readonly entry: number;
};

export type TimelineWindow = { readonly from: number; readonly to: number };

/** Lengths of a screen: 10 ms to 5000 s. */
const spans: readonly number[] = [10, 100, 1_000, 10_000, 100_000, 1_000_000].flatMap(unit => [
  unit,
  2 * unit,
  5 * unit,
]);

export const initialTimeline: TimelineView = { span: 10_000, start: null, thread: '', entry: 0 };

/**
 * Where the screen begins while it follows: now stands in its third quarter, so that deadlines are seen coming. It
 * goes on by a quarter at a time: in between, nothing that has happened moves.
 */
const followed = (span: number, now: number): number => {
  const quarter = span / 4;
  return Math.max(0, Math.floor(now / quarter) - 2) * quarter;
};

export const windowOf = ({ span, start }: TimelineView, now: number): TimelineWindow => {
  const from = start ?? followed(span, now);
  return { from, to: from + span };
};

/** By so many quarters of a screen; going on to where now is follows it again. */
export const panned = (view: TimelineView, quarters: number, now: number): TimelineView => {
  const { from } = windowOf(view, now);
  const start = Math.max(0, from + (quarters * view.span) / 4);
  return { ...view, start: quarters > 0 && start >= followed(view.span, now) ? null : start };
};

/** The next shorter (`by` -1) or longer screen, about the same middle. Unchanged at the last one. */
export const zoomed = (view: TimelineView, by: 1 | -1, now: number): TimelineView => {
  const span = spans[spans.indexOf(view.span) + by];
  if (span === undefined) return view;
  if (view.start === null) return { ...view, span };
  const { from, to } = windowOf(view, now);
  return { ...view, span, start: Math.max(0, (from + to) / 2 - span / 2) };
};

/** Moved as little as needed to show the time; unchanged where it is shown. */
export const showing = (view: TimelineView, t: number, now: number): TimelineView => {
  const { from, to } = windowOf(view, now);
  return t >= from && t <= to ? view : { ...view, start: Math.max(0, t - view.span / 2) };
};

export const fixed = (view: TimelineView, now: number): TimelineView => ({
  ...view,
  start: windowOf(view, now).from,
});

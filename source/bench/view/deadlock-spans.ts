import type { Entry } from '../../core/model/entry.ts';
import { findingCalls, findingName } from '../../core/model/finding.ts';

/** From when calls waited for each other in a ring until it opened, in ms since the bench began; `end` null: they still do. */
export type DeadlockSpan = { readonly began: number; readonly end: number | null };

type Known = {
  readonly began: number;
  end: number | null;
  /** The entries that told of it, and of its end; 0: none has. */
  readonly toldBy: number;
  endedBy: number;
  readonly calls: ReadonlySet<number>;
};

/** The newest that are kept: more than a screen has columns. */
const kept = 1_000;

type Finding = Extract<Entry, { kind: 'finding' }>;

/**
 * Follows the entries, each once and in order. A finding comes with the flush that saw it: the ring closed when the last of its calls
 * began, and opened when the first of them ended.
 */
export class DeadlockSpans {
  private readonly spans: Known[] = [];
  private readonly open = new Map<string, Known>();
  /** Since when calls that were seen in flight are. */
  private readonly since = new Map<number, number>();

  take(entry: Entry): void {
    if (entry.kind === 'queued') this.since.set(entry.id, entry.queuedAt);
    else if (entry.kind === 'running') this.since.set(entry.id, entry.startedAt);
    else if (entry.kind === 'ended' && entry.seen) {
      this.since.delete(entry.id);
      for (const span of this.open.values()) if (span.calls.has(entry.id)) this.close(span, entry);
    } else if (entry.kind === 'checkpoint') this.compare(entry);
    else if (entry.kind === 'finding' && findingName(entry.finding) === 'deadlock') this.find(entry);
  }

  /** As they were known at that entry. */
  upTo(last: number): readonly DeadlockSpan[] {
    return this.spans
      .filter(({ toldBy }) => toldBy <= last)
      .map(({ began, end, endedBy }) => ({ began, end: endedBy <= last ? end : null }));
  }

  /** Where nobody looked for as long as the journal goes back, ends were missed: what stands is what the state has. */
  private compare(entry: Extract<Entry, { kind: 'checkpoint' }>): void {
    const { calls, findings } = entry.state;
    this.since.clear();
    for (const { id, queuedAt, startedAt } of calls.values()) this.since.set(id, startedAt ?? queuedAt);
    for (const [key, span] of this.open) {
      if (findings.has(key)) continue;
      this.close(span, entry);
      this.open.delete(key);
    }
    for (const finding of findings.values())
      if (findingName(finding) === 'deadlock') this.find({ ...entry, kind: 'finding', finding, on: true });
  }

  private find(entry: Finding): void {
    const { finding, on, t, n } = entry;
    const known = this.open.get(finding.key);
    if (!on) {
      if (known) this.close(known, entry);
      this.open.delete(finding.key);
    } else if (!known) {
      const calls = findingCalls(finding);
      const began = Math.max(...calls.map(id => this.since.get(id) ?? 0));
      const span = { began: began > 0 ? began : t, end: null, toldBy: n, endedBy: 0, calls: new Set(calls) };
      this.open.set(finding.key, span);
      this.spans.push(span);
      if (this.spans.length > kept) this.spans.shift();
    }
  }

  private close(span: Known, { t, n }: Entry): void {
    if (span.end !== null) return;
    span.end = t;
    span.endedBy = n;
  }
}

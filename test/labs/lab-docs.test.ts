import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseLine } from '../../source/core/language/line.ts';
import { labOf, run } from './running.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/labs.md'), 'utf8');
const schema = JSON.parse(readFileSync(join(root, 'docs/lab.schema.json'), 'utf8'));
const builtIn = join(root, 'source/labs/built-in');

/** What stands as code in the first cell of each row of a table below this heading. */
const firstCells = (heading: string): string[] => {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  return section
    .split('\n## ')[0]!
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .flatMap(line => [...line.split(' | ')[0]!.matchAll(/`([^`]+)`/g)].map(match => match[1]!));
};

describe('docs/labs.md and docs/lab.schema.json', () => {
  it('are what the schema and the tables say', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/lab-docs.ts', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('show a lab that passes', async () => {
    const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const { report } = await run(await labOf(text));
    expect(report).toMatchObject({ passed: 6, failed: 0, skipped: 0 });
  });

  it.each(firstCells('What is expected'))('%s is a line that the bench reads', written => {
    const text = written.replace('...', '=> ok').replaceAll('$me', '127.0.0.1:1');
    const source = text.startsWith('=>') ? `c1.recv 100 ${text}` : text;
    expect(parseLine(source)).toMatchObject({ ok: true });
  });

  it.each(['Relays', 'Faults', 'Rules'].flatMap(firstCells))('%s is a line of a lab', written => {
    expect(parseLine(written)).toMatchObject({ ok: true });
  });

  it('have a schema that takes every built-in lab', () => {
    const json = z.fromJSONSchema(schema);
    for (const file of readdirSync(builtIn)) {
      const lab = parse(readFileSync(join(builtIn, file), 'utf8'));
      expect(json.safeParse(lab).error, file).toBeUndefined();
      expect(json.safeParse({ ...lab, stage: 1 }).success).toBe(false);
      expect(json.safeParse({ ...lab, stages: [] }).success).toBe(false);
    }
  });
});

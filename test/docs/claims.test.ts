import { describe, expect, test } from 'vitest';
import { buildKeymap } from '../../source/commands/calling/keymap.ts';
import { commandTable } from '../../source/commands/calling/table.ts';
import { type Capability, capabilities } from '../../source/drivers/system/capabilities.ts';
import { parseSettings, settingsSchema } from '../../source/settings/settings-file.ts';
import { blocks, readDocument, rows, section } from './readme.ts';

test('the settings that docs/settings.md shows can be used, and are all there are', () => {
  const [yaml = ''] = blocks(readDocument('docs/settings.md'), 'yaml');
  const read = parseSettings(yaml, 'docs/settings.md');
  if (!read.ok) throw new Error(read.message);
  expect(Object.keys(read.settings).sort()).toEqual(Object.keys(settingsSchema.shape).sort());
  const keys = Object.entries(read.settings.keys ?? {}).map(([id, names]) => [id, [names].flat()] as const);
  expect(buildKeymap(commandTable, Object.fromEntries(keys))).toMatchObject({ ok: true });
});

/** Facilities that docs/kernel-or-modelled.md tells by the calls that rest on them. */
const gates = ['accept gate', 'exact recv', 'exact send', 'datagram by datagram'];

const all = await capabilities();
const asInReadme =
  process.platform === 'linux' &&
  all.some(({ name, source }) => name === 'MSG_PEEK on TCP' && source === 'kernel');

describe.runIf(asInReadme)(
  'what docs/kernel-or-modelled.md says is from the kernel, and what doctor says',
  () => {
    const table = rows(
      section('What is from the kernel, and what is modelled', 'docs/kernel-or-modelled.md'),
    );

    /** Parts of a capability that the table leaves out, or has from elsewhere. */
    const untold = ({ name, source }: Capability): string[] =>
      name.split(/, | and /).filter(part => {
        const [, from = ''] = table.find(([what = '']) => what.includes(part)) ?? [];
        return !from.includes(source);
      });

    test.each(all.filter(({ name }) => !gates.includes(name)))('$name: $source', capability => {
      expect(untold(capability)).toEqual([]);
    });

    test('what rests on the self-test is from the kernel', () => {
      expect(all.filter(({ name, source }) => gates.includes(name) && source === 'kernel').length).toBe(
        gates.length,
      );
    });
  },
);

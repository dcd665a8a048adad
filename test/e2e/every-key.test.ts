import { beforeAll, describe, expect, test } from 'vitest';
import { playStation, rows } from './every-key/play-station.ts';
import { stations } from './every-key/stations.ts';
import { ensureBuilt } from './terminal.ts';

beforeAll(ensureBuilt);

test('every row of the key table has a scenario in every place of its "where"', () => {
  const lacking = rows.flatMap(({ command, where }) =>
    where
      .filter(place => {
        const station = stations.find(each => each.place === place);
        return !station?.scenarios.some(scenario => scenario.command === command);
      })
      .map(place => `${command} in ${place}`),
  );
  expect(lacking).toEqual([]);
});

test('no scenario is of a command that has no key', () => {
  const commands = new Set(rows.map(({ command }) => command));
  const stale = stations.flatMap(({ scenarios }) =>
    scenarios.filter(({ command }) => !commands.has(command)),
  );
  expect(stale.map(({ command }) => command)).toEqual([]);
});

describe('pressed in the real program, each key does what its row says, and other keys nothing', () => {
  test.concurrent.each(stations)('$place', async station => {
    expect(await playStation(station)).toEqual([]);
  });
});

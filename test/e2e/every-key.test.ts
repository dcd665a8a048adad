import { beforeAll, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { checkStrace } from '../../source/cli/tracing/strace-check.ts';
import { playStation, rows } from './every-key/play-station.ts';
import { ofProcesses, stations } from './every-key/stations.ts';
import { ensureBuilt } from './terminal.ts';

const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];
const canTrace = needs.every(lack => lack === null) && checkStrace().ok;

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
  const stale = [...stations, ...ofProcesses].flatMap(({ scenarios }) =>
    scenarios.filter(({ command }) => !commands.has(command)),
  );
  expect(stale.map(({ command }) => command)).toEqual([]);
});

test('every row of the key table that is about a process has a scenario in each of its panes', () => {
  const lacking = ofProcesses.flatMap(({ name, place, scenarios }) =>
    rows
      .filter(row => row.where.includes(place) && !scenarios.some(({ command }) => command === row.command))
      .map(({ command }) => `${command} in ${name}`),
  );
  expect(lacking).toEqual([]);
});

describe('pressed in the real program, each key does what its row says, and other keys nothing', () => {
  test.concurrent.each(stations)('$place', async station => {
    expect(await playStation(station)).toEqual([]);
  });

  test.runIf(canTrace).concurrent.each(ofProcesses)('$name', async station => {
    expect(await playStation(station)).toEqual([]);
  });
});

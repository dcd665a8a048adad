import { everywhereScenarios } from './everywhere.ts';
import { lessonStation } from './lesson.ts';
import { listOverlays, type Overlay } from './lists.ts';
import { launch, open, type Pane, panes } from './live-world.ts';
import { paneCallScenarios } from './pane-calls.ts';
import { programScenarios } from './pane-rows.ts';
import { paneViewScenarios } from './pane-views.ts';
import { processStations } from './process-panes.ts';
import { readerOverlays } from './readers.ts';
import type { Scenario, Station, Step } from './scenario.ts';
import { logScenarios, timelineOpen, timelineScenarios } from './strips.ts';
import { editing, type TextPlace, textPlaces } from './text-fields.ts';
import { timeStation } from './time-bar.ts';

const paneStation = (pane: Pane, own: readonly Scenario[], more: readonly Step[] = []): Station => ({
  place: pane.place,
  launch,
  open: [...open, ...more],
  enter: pane.back,
  sight: pane.sight,
  scenarios: [...paneCallScenarios(pane), ...paneViewScenarios(pane), ...own, ...everywhereScenarios],
});

const textStation = ({ place, label, enter, sight, own }: TextPlace): Station => ({
  place,
  launch,
  open,
  enter,
  sight,
  scenarios: [...own, ...editing(label), ...everywhereScenarios],
});

const overlayStation = ({ place, open: more, enter, sight, scenarios }: Overlay): Station => ({
  place,
  launch,
  open: [...open, ...more],
  enter,
  sight,
  scenarios: [...scenarios, ...everywhereScenarios],
});

export const stations: readonly Station[] = [
  ...[panes.client, panes.tcp, panes.udp].map(pane => paneStation(pane, programScenarios(pane))),
  paneStation(panes.timeline, timelineScenarios, timelineOpen),
  paneStation(panes.log, logScenarios),
  ...textPlaces.map(textStation),
  ...[...listOverlays, ...readerOverlays].map(overlayStation),
  lessonStation(everywhereScenarios),
  timeStation(everywhereScenarios),
];

/** Panes of programs that are watched or traced: the keys of one place, as they are there. */
export const ofProcesses: readonly Station[] = processStations(everywhereScenarios);

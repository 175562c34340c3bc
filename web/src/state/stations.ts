import { signal } from "@preact/signals";
import { getSites } from "../api/plans";
import { round, version } from "./data";
import { resource } from "./resource";

export interface TriedStations {
  /** Areas and units where new stations are tried. */
  ids: string[];
  demand: string;
  reach: number;
}

/** Stations that are tried on the map; none of it is stored, and a reload forgets it. */
export const triedStations = signal<TriedStations>({ ids: [], demand: "needs", reach: 800 });

/** Whom they would reach beside those that exist. */
export const stationTrial = resource(() => {
  const shown = round.value;
  version.value;
  const { ids, demand, reach } = triedStations.value;
  return shown === null || ids.length === 0 ? null : () => getSites(shown, { demand, reach, p: 0, at: ids });
});

const MOST = 20;

export function tryStation(id: string): void {
  const { ids } = triedStations.value;
  if (!ids.includes(id)) triedStations.value = { ...triedStations.value, ids: [...ids, id].slice(-MOST) };
}

export function dropStation(id: string): void {
  triedStations.value = { ...triedStations.value, ids: triedStations.value.ids.filter((other) => other !== id) };
}

export function dropStations(): void {
  triedStations.value = { ...triedStations.value, ids: [] };
}

import { signal } from "@preact/signals";
import { tryOffer } from "../api/calls";
import { getSites } from "../api/plans";
import type { AddedOffer, Summary } from "../api/types";
import { usualReach } from "../words";
import { round, summary, version } from "./data";
import { resource } from "./resource";

export interface TriedStations {
  /** Areas and units where new stations are tried. */
  ids: string[];
  demand: string;
  reach: number;
  /** What each of them would offer, and how many places of each in the round. */
  categories: string[];
  capacity: number;
}

/** What an offer of no stated reach is taken to reach: so the reasons of gaps, `linli sites` and the page agree. */
export const USUAL_REACH_M = usualReach(null);
const FIRST_CAPACITY = 10;
const MOST = 20;
/** The service tries so many offers at once. */
const MOST_OFFERS = 20;

/** Stations that are tried on the map; none of it is stored, and a reload forgets it. */
export const triedStations = signal<TriedStations>({ ids: [], demand: "needs", reach: USUAL_REACH_M, categories: [], capacity: FIRST_CAPACITY });

/** Whom they would reach beside those that exist. */
export const stationTrial = resource(() => {
  const shown = round.value;
  version.value;
  const { ids, demand, reach } = triedStations.value;
  return shown === null || ids.length === 0 ? null : () => getSites(shown, { demand, reach, p: 0, at: ids });
});

/** Who would be served instead if they offered what is said of them: the round matched again, nothing kept. */
export const stationMatch = resource(() => {
  const shown = round.value;
  version.value;
  const places = summary.data.value;
  const offers = places ? offersOf(triedStations.value, places) : [];
  return shown === null || offers.length === 0 || offers.length > MOST_OFFERS ? null : () => tryOffer(shown, ...offers);
});

/** Whether no more of them can be tried at once. */
export const isFull = ({ ids, categories }: TriedStations): boolean => ids.length * categories.length > MOST_OFFERS;

/** What the tried stations would offer: a unit's at the unit, an area's at the area's point, by nobody yet known. */
export function offersOf({ ids, categories, capacity, reach }: TriedStations, { areas }: Pick<Summary, "areas">): AddedOffer[] {
  return ids.flatMap((id) => {
    const area = areas.find((place) => place.id === id);
    const at = area ? { unit: stationOf(id), lon: area.lon, lat: area.lat, precision: "area" } : { unit: id, lon: null, lat: null, precision: "exact" };
    return categories.map((category) => ({ ...at, category, capacity, reach_m: reach, list_category: "", reach_areas: [], tags: null }));
  });
}

/** What a station that an area has not got yet is called among parties. */
export const stationOf = (area: string): string => `station-at-${area}`;

/** The category that most places are unmatched of, at an area or in all. */
export function mostLacking({ cells }: Pick<Summary, "cells">, area: string): string | null {
  const sumOf = (among: Summary["cells"]): [string, number][] => {
    const sums = new Map<string, number>();
    for (const { category, unserved } of among) sums.set(category, (sums.get(category) ?? 0) + unserved);
    return [...sums].filter(([, places]) => places > 0).sort((one, other) => other[1] - one[1]);
  };
  return (sumOf(cells.filter((cell) => cell.area === area))[0] ?? sumOf(cells)[0])?.[0] ?? null;
}

export function tryStation(id: string): void {
  const { ids, categories } = triedStations.value;
  const places = summary.data.peek();
  const first = categories.length === 0 && places ? mostLacking(places, id) : null;
  triedStations.value = { ...triedStations.value, ids: ids.includes(id) ? ids : [...ids, id].slice(-MOST), categories: first ? [first] : categories };
}

export function dropStation(id: string): void {
  triedStations.value = { ...triedStations.value, ids: triedStations.value.ids.filter((other) => other !== id) };
}

export function dropStations(): void {
  triedStations.value = { ...triedStations.value, ids: [], categories: [] };
}

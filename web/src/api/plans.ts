import { ask, get, path, query } from "./client";
import type { AddedOffer } from "./types";

/* Calls and answers of map, round and gaps. Unknown is null. */

export interface Round {
  id: string;
  period: { from: string; to: string };
  status: string;
  revision: number;
  made_at: string | null;
  stale: boolean;
  takes_effect_at: string | null;
}

export interface CertificateNeed {
  id: string;
  places: number;
}

export interface Holder {
  kind: "offer" | "unit" | "pair";
  id?: string;
  need?: string;
  project?: string;
  offer?: string;
  unit?: string;
  places: number;
  assumed: boolean;
  limit?: string;
  held_by_projects?: number;
  held_by_needs?: number;
}

export interface Certificate {
  needs?: CertificateNeed[];
  projects?: CertificateNeed[];
  holders: Holder[];
  short_by: number;
}

export interface Nearest {
  need: string;
  offer: string | null;
  unit: string;
  distance_m: number | null;
  reach_m: number | null;
  reach_assumed: boolean;
  reach_that_would_do_m: number | null;
  area_that_would_do: string | null;
}

export interface TimesApart {
  need: string;
  offer: string | null;
  unit: string;
  need_times: string;
  offer_times: string;
  need_days: [string, string] | null;
  offer_days: [string, string] | null;
}

export interface Gap {
  reason: string;
  category: string | null;
  area: string | null;
  by_category: Record<string, number>;
  by_area: Record<string, number>;
  places: number;
  people: number;
  priority: number;
  needs?: string[];
  projects?: string[];
  assumed: boolean;
  certificate: Certificate | null;
  missing?: Record<string, number>;
  unknown?: Record<string, number>;
  nearest?: Nearest;
  times?: TimesApart;
  refused_by?: { unit: string; why: string }[];
  rule?: string;
  fix: Action | null;
  /** Why there is no fix, and what would do instead. */
  no_fix: (Told & { why: string; tried: number }) | null;
  would_do: WouldDo[];
}

/** A sentence in both languages. */
export interface Told {
  sentence_zh: string;
  sentence_en: string;
}

/** What change would do for some needs of a gap. */
export interface WouldDo extends Told {
  change: string;
  offer?: string;
  unit?: string;
  need_times?: string;
  offer_times?: string;
  minutes_apart?: number | null;
}

/** Something to do, with what it gains alone. */
export interface Action {
  sentence_zh: string;
  sentence_en: string;
  id: string;
  kind: string;
  where: { area: string | null; unit: string | null; offer: string | null; category: string | null };
  places: number;
  assumed: boolean;
  gain_places: number;
  /** Of a gap's fix: how many places more its own needs get; null where nobody knows. */
  gain_here?: number | null;
  /** How many of them are units of projects; null where nobody knows. */
  gain_project_units: number | null;
  /** By priority; below 0 where the urgent are served in place of others. */
  gain: Record<string, number>;
  cost: number;
  exact: boolean;
  to_reach_m?: number;
  /** What a capacity that nobody knows is taken for. */
  total?: number;
  /** The offer that it brings, as a trial takes it. */
  offer_to_try?: AddedOffer;
}

export interface Actions {
  round: string;
  budget: number;
  candidates: number;
  actions: (Action & { adds: Record<string, number>; adds_places: number; adds_project_units: number | null })[];
  value: number;
  /** How many of these places are units of projects; null where nobody knows. */
  value_project_units: number | null;
  value_by_priority: Record<string, number>;
  bound: number;
  bound_by_priority: Record<string, number>;
  units: number;
  status: "optimal" | "bounded";
  spent: number;
}

export interface SitePlan {
  p: number;
  chosen: { kind: string; id: string; name: string; adds: number }[];
  value: number;
  bound: number;
  status: "optimal" | "bounded";
  share: number | null;
  territories?: Territories;
}

/** Where a new station could stand. */
export interface Site {
  kind: string;
  id: string;
  name: string;
  adds: number;
  lon: number | null;
  lat: number | null;
}

export interface Territories {
  stations: { id: string; name: string; areas: string[]; load: number; farthest_m: number | null }[];
  heaviest: number;
  least_heaviest: number;
  status: string;
}

export interface Sites {
  demand: string;
  reach_m: number;
  total: number;
  reached: number;
  within_reach: number;
  unplaced: number;
  existing: { id: string }[];
  candidates: number;
  plans: SitePlan[];
  everybody: { p: number; bound: number; status: string } | null;
  tried: { chosen: Site[]; value: number; adds: number; not_possible: string[] } | null;
}

export interface Warning {
  warning: string;
  need?: string | null;
  project?: string;
  unit?: string;
  places?: number;
  offers?: number | string[];
  access?: number;
  mean?: number;
  kind?: string;
  id?: string;
}

export interface PartGaps {
  unserved: number;
  summary: Record<string, number>;
  gaps: Gap[];
  warnings: Warning[];
}

export interface ServedShare {
  wanted: number;
  served: number;
  share: number | null;
}

export interface Equity {
  share: number | null;
  gini: number | null;
  theil: number | null;
  theil_subdistricts: { within: number | null; between: number | null } | null;
  worst: { part: number; share: number | null; areas: string[] };
  areas: { area: string }[];
  by_category: Record<string, ServedShare>;
  by_group: Record<string, ServedShare>;
  over60: { people: number | null; share: number | null } | null;
  access: { measure: string };
}

/** What supply needs can count on by one measure; null: in nobody's reach. */
export interface Access {
  measure: string;
  catchment_m: number | null;
  zones: [number, number][];
  less_is_better: boolean;
  wardrop_gap: number | null;
  places: number;
  access: number | null;
  unreached: number;
  empty: number;
  evenness: { gini: number | null; theil: number | null; worst: { part: number; access: number | null; areas: string[] } };
  by_category: { category: string; places: number; access: number | null; unreached: number; empty: number }[];
}

export interface Gaps extends PartGaps {
  equity: Equity;
  projects: PartGaps;
  money: PartGaps | null;
  idle_offers: { offer: string; unit: string; category: string; why: string }[];
  idle_units: { unit: string; offers: number; why: string }[];
  unpaired_areas: { area: string; population: number | null; over60: number | null }[];
  uncovered_units: { unit: string; missing: string[]; place_known: boolean }[];
  half_covered_units: { unit: string; missing: string[]; place_known: boolean }[];
  areas_without_offer: { category: string; areas: string[]; population: number | null; over60: number | null; unknown: number }[];
}

export interface Served extends Told {
  offer: string | null;
  unit: string;
  places: number;
  distance_m: number | null;
  estimate: boolean;
  by_way_of?: string;
}

export interface Alternative extends Told {
  offer: string | null;
  unit: string;
  reason: string;
  places?: number;
  distance_m: number | null;
  extra_m?: number | null;
  reach_m?: number | null;
  too_far_by_m?: number | null;
  room?: number;
  /** Only of those that could serve the need. */
  cost?: number;
  /** Worked out when asked for. */
  regret?: Regret;
}

/** What a place on an alternative would cost in all. */
export interface Regret {
  possible: boolean;
  /** Of each of those that would have to move; null: nobody serves it before, or then. */
  moves?: { need: string; from_offer: string | null; to_offer: string | null; places: number }[];
}

export interface Explanation extends Told {
  need: string;
  table: string;
  /** What it is counted in: places, or yuan. */
  measure: string;
  status: string;
  wanted: number;
  served: number;
  served_by: Served[];
  alternatives: Alternative[];
  alternatives_total: number;
  unserved: (Told & { reason: string; places: number; certificate: Certificate | null; nearest?: Nearest }) | null;
}

/** Areas with their outlines where known; geometry as in GeoJSON. */
export interface Outlines {
  type: "FeatureCollection";
  features: { type: "Feature"; geometry: unknown; properties: { id: string; name: string; parent: string | null; has_outline: boolean } }[];
}

export const getOutlines = (): Promise<Outlines> => get("/v1/areas.geojson");
export const getRounds = async (): Promise<Round[]> => (await get<{ items: Round[] }>("/v1/rounds")).items;
export const getRound = (round: string): Promise<Round> => get(path("rounds", round));
export const getGaps = (round: string): Promise<Gaps> => get(path("gaps") + query({ round }));
export const getActions = (round: string, budget: number): Promise<Actions> => get(path("actions") + query({ round, budget }));
interface SitesWish {
  demand: string;
  reach?: number | undefined;
  anew?: string | undefined;
  p?: number | undefined;
  territories?: string | undefined;
  /** Areas and units where new stations are tried. */
  at?: string[];
}

export const getSites = (round: string, asked: SitesWish): Promise<Sites> => {
  const { at = [], ...others } = asked;
  return get(path("sites") + query({ round, ...others }) + at.map((id) => `&at=${encodeURIComponent(id)}`).join(""));
};
export const getAccess = (round: string, measure: string | null): Promise<Access> => get(path("access") + query({ round, measure, needs: "false" }));
export const getExplanation = (need: string, round: string): Promise<Explanation> => get(path("explain", need) + query({ round }));
/** The same, with what one of its alternatives would cost in all, worked out. */
export const getRegret = (need: string, round: string, offer: string): Promise<Explanation> => get(path("explain", need) + query({ round, exact_for: offer }));

const post = async <T>(address: string, body?: unknown): Promise<{ body: T; revision: number | null }> => {
  const answer = await ask<T>(address, { method: "POST", ...(body === undefined ? {} : { body }) });
  const revision = Number(answer.headers.get("revision"));
  return { body: answer.body, revision: Number.isInteger(revision) && revision > 0 ? revision : null };
};

/** Promises places of an offer (for a project, of a unit); gives the revision that this made. */
export const lockPlaces = async (need: string, offer: string, places: number | null): Promise<number | null> =>
  (await post("/v1/lock", { need, offer, places })).revision;

export const refusePair = async (need: string, offer: string, why: string): Promise<number | null> =>
  (await post("/v1/refuse", { need, offer, why })).revision;

export const publishRound = async (round: string): Promise<Round> => (await post<Round>(path("rounds", round, "publish"))).body;
export const takeBackRound = async (round: string): Promise<Round> => (await post<Round>(path("rounds", round, "take-back"))).body;

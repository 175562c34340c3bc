import { ask, path, query } from "./client";

/* What `/v1/network/picture` and `/v1/network` give. */

export interface PictureParty {
  id: string;
  name: string;
  table: string | null;
  /** Of a unit, in the list's own words. */
  kind: string | null;
  /** Right and up, in steps. */
  x: number;
  y: number;
  /** 1 is the largest; null without a tie. */
  community: number | null;
  alliances: string[];
}

/** The rows of two parties, and the weight. */
export type Tie = [number, number, number];

export interface Picture {
  kind: string;
  ties_zh: string;
  ties_en: string;
  parties: PictureParty[];
  ties: Tie[];
  ties_total: number;
  names: Record<string, string>;
}

export interface Measured {
  id: string;
  name: string;
  value: number | null;
  reason?: string;
  /** Between these it may lie where lists say that they go on; `to` is null where nothing limits it. */
  from?: number;
  to?: number | null;
  /** Further ties that lists leave out would change it: `further` where draws give a range, else `incomplete`. */
  unsure?: string;
  /** Of a community: how many belong to it, and the share of the others found together with the party in other draws. */
  size?: number;
  together?: number;
  /** The least and the most of it in any draw. */
  together_from?: number;
  together_to?: number;
}

/** How good groups are, by the same figures for those proposed and today's. */
export interface Judged {
  affinity: number;
  bound: number;
  sizes: number[];
  connected: boolean;
  /** Share of what can be had at all that is had inside the own group. */
  complement: number;
  distance_m: number | null;
}

export interface ProposedGroup {
  group: number;
  size: number;
  /** The group of today that it goes on from. */
  continues: string | null;
  continues_name: string | null;
  parties: { id: string; name: string }[];
}

export interface Move {
  id: string;
  name: string;
  /** Null: in none of today's groups. */
  from: string | null;
  from_name: string | null;
  to: number;
}

export interface Proposal extends Judged {
  groups: ProposedGroup[];
  moves: Move[];
  /** Why groups are less than asked for. */
  reasons: (Said & { reason: string })[];
  today: Judged | null;
}

/** One measure of the whole network: `from` and `to` where it isn't sure, chance where there is a null model. */
export interface Whole {
  measure: string;
  value: number | null;
  z: number | null;
  reason: string | null;
  from?: number;
  to?: number;
  z_from?: number;
  z_to?: number;
  /** Lists that go on leave it open, as of a party's. */
  unsure?: string;
  null?: { expected: number };
  random?: number;
  /** Of the E-I index: `as_inward` is the share of graphs drawn by chance in which a group is as inward, at most so many where lists go on. */
  groups?: { id: string; name: string; value: number; as_inward: number; as_inward_to?: number }[];
}

/** Turns of duty of an alliance; where none are possible, the rules that can't be kept together. */
export interface Rota {
  body: string;
  name: string;
  status: string;
  /** Turns that lie free between two of one member. */
  gap: number | null;
  turns: { from: string; to: string; area: string | null; area_name: string | null; party: string; name: string }[];
  load: { party: string; name: string; turns: number; fair: number; assumed: boolean }[];
  largest_deviation: number | null;
  conflict: { smallest: boolean; rules: Said[] } | null;
}

interface Said {
  text: string;
  text_en: string;
}

export interface RotaWish {
  body: string | null;
  every: string;
  gap: string | null;
  from: string | null;
  to: string | null;
  by_area: string | null;
  equal: string | null;
  /** `PARTY:FROM..TO`. */
  away: string[];
}

/** The best set of new pairings, and what becomes of all once they are signed. */
export interface Pairs {
  most: number;
  pairs: { parties: [string, string]; names: [string, string]; score: number; reasons: Said[] }[];
  status: string;
  gain_places: number;
  blind_spots: Said;
  warnings: Said[];
}

export interface PairsWish {
  most: string;
  day: string | null;
}

export const getRota = async ({ away, ...asked }: RotaWish, signal: AbortSignal): Promise<Rota> =>
  (await ask<Rota>(path("rota") + query(asked) + away.map((one) => `&away=${encodeURIComponent(one)}`).join(""), { signal })).body;

export const getPairs = async ({ most, day }: PairsWish, signal: AbortSignal): Promise<Pairs> =>
  (await ask<Pairs>(path("pair") + query({ most, as_of: day }), { signal })).body;

export const getProposal = async (into: string, body: string | null, beside: string, day: string | null): Promise<Proposal> =>
  (await ask<Proposal>(path("group") + query({ into, body, beside, as_of: day }))).body;

export const getWhole = async (measure: string, kind: string, by: string | null, day: string | null): Promise<Whole> =>
  (await ask<Whole>(path("network") + query({ measure, kind, by, as_of: day }))).body;

/** Of all that the lists hold, or of what held on a day. */
export const getPicture = async (kind: string, day: string | null): Promise<Picture> =>
  (await ask<Picture>(path("network", "picture") + query({ kind, as_of: day }))).body;

export const getMeasure = async (measure: string, kind: string, day: string | null): Promise<Measured[]> =>
  (await ask<Measured[]>(path("network") + query({ measure, kind, as_of: day }))).body;

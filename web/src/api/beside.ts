import { get, path, query } from "./client";
import type { Told } from "./plans";

/* What lies beside a round's optimum: the worth of a place, what fairness, a distance cap and free choice cost. */

/** What a place less costs; null: nothing of that priority. */
export interface Loss {
  lost_priority: number | null;
  instead_priority: number | null;
  cost: number;
}

interface WorthRow extends Told {
  kind: "offer" | "total" | "offer_and_total" | "max_claims" | "max_claims_and_total";
  offer: string | null;
  unit: string;
}

/** Where one place more would help. */
export interface MorePlace extends WorthRow {
  more_priority: number | null;
  less_priority: number | null;
  cost_saved: number;
  /** Null where an offer and its unit's total are meant at once. */
  one_less: Loss | null;
}

export type LessPlace = WorthRow & Loss;

/** What a rule takes from the optimum: places and people fewer, metres more. */
export interface Toll {
  places: number;
  places_by_priority: Record<string, number>;
  people_reached: number;
  cost: number;
}

export interface FairShare {
  by: "area" | "group";
  largest_share: number;
  /** What the worst served have now. */
  share_now: number;
  /** Who is in each other's way beyond it. */
  limited_by: string[];
  /** Who can have nothing whatever is done. */
  left_out: string[];
  share: number;
  /** Null where not all can have that share. */
  toll: Toll | null;
  steps: { share: number; toll: Toll }[];
  groups: { id: string; wanted: number; least: number; before: number; after: number }[];
}

export interface DistanceCap {
  farthest_m: number;
  cap_m: number;
  toll: Toll;
  steps: { cap_m: number; toll: Toll }[];
}

interface Holding {
  offer: string | null;
  unit: string;
}

/** A need and an offer that would rather have each other, and what either would give up. */
export interface BlockingPair extends Holding {
  need: string;
  project: boolean;
  instead_of: Holding | null;
  in_the_way: { need: string; project: boolean } | null;
  saves: number | null;
}

export interface Stability {
  blocking_pairs: number;
  pairs: BlockingPair[];
  by_needs: Toll;
  by_offers: Toll;
}

interface Head {
  round: string;
  /** False where needs that may not be split are counted as if they could be. */
  exact: boolean;
}

interface Parts {
  more_places: { more_places: MorePlace[]; less_places: LessPlace[] };
  fair_share: { fair_share: FairShare };
  distance_cap: { distance_cap: DistanceCap | null };
  stability: { stability: Stability };
  /** At least so many places where that isn't exact. */
  if_one_leaves: { if_one_leaves: { unit: string; places: number; exact: boolean }[] };
}

export type PartName = keyof Parts;

export type Answer<P extends PartName> = Head & Parts[P];

export interface BesideWish {
  limit?: number | undefined;
  by?: "area" | "group";
  share?: number | null;
  /** Only what a place of this unit is worth. */
  of?: string;
}

/** As many rows as the service tells at once, if nothing else is said. */
const MOST = 1000;

/** One part, so that the others take no time. */
export const getBeside = <P extends PartName>(round: string, part: P, wish: BesideWish = {}): Promise<Answer<P>> =>
  get(path("beside") + query({ round, part, limit: MOST, ...wish }));

import { get, path, query } from "./client";
import type { Fields, RowAssignment } from "./types";

/* Calls and answers of records and print. Unknown is null. */

export interface HistoryItem {
  revision: number;
  at: string;
  action: string;
  fields: string[] | Record<string, unknown>;
}

export interface CardAssignment extends RowAssignment {
  need?: string;
  project?: string;
  title: string;
}

export interface Card {
  table: string;
  record: Fields;
  name: string;
  names: Record<string, string>;
  gives: (Fields & { id: string; title: string; used: number; round_capacity: number | null; unlimited: boolean; /** How often its number counts in the round. */ counts: number })[];
  takes: (Fields & { id: string; table: string; served: number })[];
  pairings: (Fields & { id: string; parties: string[]; party_names: string[] })[];
  branches: (Fields & { id: string; name: string })[];
  alliances: (Fields & { id: string; alliance: string; alliance_name: string })[];
  claims: (Fields & { id: string; by_name: string; target_name: string })[];
  services: (Fields & { id: string })[];
  history: HistoryItem[];
  assignments: CardAssignment[];
}

/** A party to pair with, and what signing it would do; `text` is Chinese. */
export interface Partner {
  party: string;
  name: string;
  table: string;
  score: number;
  gain_places: number;
  reasons: { reason: string; value: number | null; text: string; text_en: string }[];
  /** What becomes of gaps and blind spots once it is signed. */
  blind_spots: { text: string; text_en: string };
  warnings: { text: string; text_en: string }[];
}

export interface SheetRow {
  area: string | null;
  area_name: string | null;
  category: string | null;
  category_en: string | null;
  title: string;
  group: string | null;
  places: number;
  times: string | null;
  times_zh: string;
  times_en: string;
  note: string | null;
  note_en: string | null;
  locked: boolean;
  unit_name?: string;
}

export interface ClaimSheets {
  round: string;
  period: { from: string; to: string };
  revision: number;
  by: "unit" | "area";
  sheets: { id: string | null; name: string; kind: string | null; rows: SheetRow[]; total_places: number }[];
}

/** Of all that the lists hold, or of what held on a day. */
export const getPartners = (party: string, day: string | null = null): Promise<Partner[]> => get(path("pair") + query({ for: party, top: 5, as_of: day }));
export const getCard = (table: string, id: string): Promise<Card> => get(path(table, id, "card"));
export const getClaimSheets = (by: string, round: string): Promise<ClaimSheets> => get(path("claim-sheets") + query({ by, round }));

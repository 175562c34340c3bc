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
}

export const getPicture = async (kind: string): Promise<Picture> => (await ask<Picture>(path("network", "picture") + query({ kind }))).body;

export const getMeasure = async (measure: string, kind: string): Promise<Measured[]> =>
  (await ask<Measured[]>(path("network") + query({ measure, kind }))).body;

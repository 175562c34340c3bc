import unfit from "../../../../graph/words/unfit.json";
import type { Measured, Picture, PictureParty, Proposal } from "../../api/network";

/* The picture's parties as groups, sizes, rows and neighbours; nothing here draws. */

export const TIES = ["pairings", "agreements", "memberships", "alliances", "services", "complement", "branches", "tree", "multilayer"] as const;
export const COLOURS = ["community", "alliance", "kind", "group"] as const;
/** How many groups may be asked for. */
export const INTO = ["2", "3", "4", "5", "6", "7", "8", "10", "12", "15", "20"] as const;
/** What proposed groups are compared with. */
export const BESIDE = ["alliance", "branch", "area"] as const;
export const MEASURES = [
  "degree", "strength", "betweenness", "brokerage", "constraint", "effective_size", "clustering", "core",
  "articulation", "bridges", "introduced", "reciprocity", "participation",
] as const;

/** Measures of the whole, and for those that compare groups what makes them. */
export const WHOLE = [
  ["density", null], ["components", null], ["robustness", null], ["ei", "area"], ["ei", "kind"], ["ei", "alliance"], ["agreement", null],
  ["stability", null], ["transitivity", null], ["assortativity", null], ["gini", null], ["hhi", null], ["tie_age", null],
] as const;

export type TieKind = (typeof TIES)[number];
export type Colour = (typeof COLOURS)[number];
export type Beside = (typeof BESIDE)[number];
export type Measure = (typeof MEASURES)[number];

/** Whether a measure says something of a network; the lists of those that don't are the measures' own. */
export const fits = (measure: string, kind: TieKind): boolean => !(unfit as Partial<Record<TieKind, string[]>>)[kind]?.includes(measure);

/** What may colour a network: a tree has no circles, and its branches belong to no alliance or group. */
export const coloursOf = (kind: TieKind): readonly Colour[] => (kind === "tree" ? ["kind"] : COLOURS);

export const measuresOf = (kind: TieKind): Measure[] => MEASURES.filter((name) => fits(name, kind));

/** So many groups get a colour of their own; more could not be told apart. */
export const MOST_COLOURS = 8;

export interface Group {
  /** The number of a circle, the id of an alliance, a kind or a table. */
  id: string;
  size: number;
  /** 1 to `MOST_COLOURS`, the largest group first; null: one of the rest. */
  colour: number | null;
  /** The row of the party with most partners. */
  first: number;
}

export interface Groups {
  /** The largest first. */
  all: Group[];
  /** By the party's row; null: it belongs to none. */
  of: (Group | null)[];
}

export interface Partner {
  row: number;
  weight: number;
}

/** Whom each party is tied to, by row, the strongest ties first. */
export function partnersOf(picture: Picture): Partner[][] {
  const found: Partner[][] = picture.parties.map(() => []);
  for (const [one, other, weight] of picture.ties) {
    found[one]?.push({ row: other, weight });
    found[other]?.push({ row: one, weight });
  }
  return found;
}

/** Parties by what colours them, ranked by size; proposed groups keep their numbers. */
export function groupParties(picture: Picture, by: Colour, partners: Partner[][], proposed: Proposal | null = null): Groups {
  const { parties } = picture;
  const proposedOf = new Map(proposed?.groups.flatMap((group) => group.parties.map(({ id }) => [id, String(group.group)] as const)));
  const members = new Map<string, number>();
  for (const party of parties) for (const id of party.alliances) members.set(id, (members.get(id) ?? 0) + 1);
  const ids = parties.map((party) => by === "group" ? (proposedOf.get(party.id) ?? null) : groupOf(party, by, members));
  const found = new Map<string, Group>();
  ids.forEach((id, row) => {
    if (id === null) return;
    const group = found.get(id) ?? { id, size: 0, colour: null, first: row };
    group.size += 1;
    if ((partners[row]?.length ?? 0) > (partners[group.first]?.length ?? 0)) group.first = row;
    found.set(id, group);
  });
  const all = [...found.values()].sort((one, other) => (by === "group" ? 0 : other.size - one.size) || one.id.localeCompare(other.id, "en", { numeric: true }));
  all.slice(0, MOST_COLOURS).forEach((group, at) => (group.colour = at + 1));
  return { all, of: ids.map((id) => (id === null ? null : (found.get(id) ?? null))) };
}

function groupOf(party: PictureParty, by: Exclude<Colour, "group">, members: ReadonlyMap<string, number>): string | null {
  if (by === "community") return party.community === null ? null : String(party.community);
  if (by === "kind") return party.kind ?? party.table;
  // Of several alliances the smallest says most: a body that everybody belongs to tells nobody apart.
  const size = (id: string): number => members.get(id) ?? 0;
  return [...party.alliances].sort((one, other) => size(one) - size(other) || (one < other ? -1 : 1))[0] ?? null;
}

const DIGITS = 3;
const SMALL = 0.1;
const MOST_DIGITS = 8;

/** Digits after the point: three, or for small values as many as show two figures. */
export const digitsOf = (value: number): number =>
  value === 0 || Math.abs(value) >= SMALL ? DIGITS : Math.min(MOST_DIGITS, 1 - Math.floor(Math.log10(Math.abs(value))));

/** Whether a record of a list holds on a day; without a day every one counts. */
export const holdsOn = (record: Record<string, unknown>, day: string | null): boolean =>
  day === null || (String(record["valid_from"] || day) <= day && day <= String(record["valid_to"] || day));

const LEAST_PX = 3;
const MOST_PX = 15;

/** Radii: the area above the least grows with the value; without one a party is drawn least. */
export function radiiOf(values: readonly (number | null)[]): number[] {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  return values.map((value) => LEAST_PX + (most > 0 ? (MOST_PX - LEAST_PX) * Math.sqrt(Math.max(0, value ?? 0) / most) : 0));
}

/** Values of a measure by the party's row, null where it has none. */
export function valuesOf(picture: Picture, measured: readonly Measured[]): (number | null)[] {
  const known = new Map(measured.map(({ id, value }) => [id, value]));
  return picture.parties.map(({ id }) => known.get(id) ?? null);
}

/** Parties whose only partner is this one. */
export const onlyTiedTo = (row: number, partners: Partner[][]): number[] =>
  (partners[row] ?? []).filter((partner) => partners[partner.row]?.length === 1).map((partner) => partner.row);

export type Way = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";
const WAYS: Record<Way, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export const isWay = (key: string): key is Way => key in WAYS;

/** The next party in a direction: near, and more ahead than aside; null at the edge. */
export function nextTowards(points: readonly { x: number; y: number }[], from: number, way: Way): number | null {
  const start = points[from];
  if (!start) return null;
  const [right, up] = WAYS[way];
  let best: number | null = null;
  let least = Infinity;
  points.forEach((point, row) => {
    const ahead = (point.x - start.x) * right + (point.y - start.y) * up;
    const aside = Math.abs((point.x - start.x) * up) + Math.abs((point.y - start.y) * right);
    if (row === from || ahead <= aside / 2) return;
    const far = ahead + 2 * aside;
    if (far < least) {
      least = far;
      best = row;
    }
  });
  return best;
}

/** The least and the most a number may be; without a most it is at least that. */
export type Range = readonly [number, number | null];

/** Between which values a number may lie; null where it is sure, or no range can be given. */
export function rangeOf({ value, from, to }: { value: number | null; from?: number; to?: number | null }): Range | null {
  return value === null || from === undefined || to === undefined || from === to ? null : [from, to];
}

/** Ranges of a measure by the party's row. */
export function rangesOf(picture: Picture, measured: readonly Measured[]): (Range | null)[] {
  const known = new Map(measured.map((one) => [one.id, rangeOf(one)]));
  return picture.parties.map(({ id }) => known.get(id) ?? null);
}

export interface PartyRow {
  row: number;
  party: PictureParty;
  group: string;
  value: number | null;
  /** Between which values it may lie; null where it is sure, or nobody can say. */
  range: Range | null;
  /** What a proposed grouping would change for it; null where none is shown. */
  change: string | null;
  partners: Partner[];
  partnerNames: string;
}

/** Rows whose name, group or partners contain what is looked for. */
export function findRows(rows: PartyRow[], text: string): PartyRow[] {
  const asked = text.trim().toLowerCase();
  if (asked === "") return rows;
  return rows.filter(({ party, group, partnerNames }) => `${party.name}\n${group}\n${partnerNames}`.toLowerCase().includes(asked));
}

const ONE_OF: Record<string, string> = { areas: "area", units: "unit", branches: "branch", alliances: "alliance", stations: "station" };

/** What the address calls a selected party: `unit:ID`. */
export const selOf = ({ table, id }: PictureParty): string => `${ONE_OF[table ?? ""] ?? "party"}:${id}`;

/** The row of what is selected; null: nothing, or nobody of this picture. */
export function rowOfSel(picture: Picture, sel: string | null): number | null {
  const id = sel?.replace(/^[a-z]+:/, "");
  const row = id ? picture.parties.findIndex((party) => party.id === id) : -1;
  return row < 0 ? null : row;
}

import type { AreaPoint, Cell } from "../../api/types";

/** Sums of places, with the reason that explains most of what is unserved. */
export interface Tally {
  wanted: number;
  served: number;
  unserved: number;
  byReason: Record<string, number>;
}

/** Stands for the needs whose area is unknown. */
export const UNPLACED = "-";

/** What a cell of the table selects. */
export interface Spot {
  /** An area, or `UNPLACED`; null: all. */
  area: string | null;
  category: string | null;
}

export interface MatrixRow {
  /** The area, or `UNPLACED`; null: all areas together. */
  area: string | null;
  name: string;
  cells: Record<string, Tally>;
  total: Tally;
}

export interface Matrix {
  categories: string[];
  rows: MatrixRow[];
  total: MatrixRow;
}

export type Part = "served" | "unserved" | null;

const blank = (): Tally => ({ wanted: 0, served: 0, unserved: 0, byReason: {} });

function add(tally: Tally, cell: Cell): void {
  tally.wanted += cell.wanted;
  tally.served += cell.served;
  tally.unserved += cell.unserved;
  for (const [reason, places] of Object.entries(cell.by_reason)) {
    tally.byReason[reason] = (tally.byReason[reason] ?? 0) + places;
  }
}

/** The reason of most unserved places; of equals the first in the order of the reasons. */
export function mainReason(tally: Tally, order: readonly string[]): string | null {
  let best: string | null = null;
  for (const reason of order) {
    const places = tally.byReason[reason] ?? 0;
    if (places > 0 && (best === null || places > (tally.byReason[best] ?? 0))) best = reason;
  }
  return best;
}

/** A category's first part: `health.tcm` stands in the column of `health`. */
export const topCategory = (category: string): string => category.split(".")[0] ?? category;

/**
 * Neighbourhoods x categories with their sums. Categories with most unserved places come first; `part` leaves
 * out rows and columns that have nothing of it. An area without needs is left out.
 */
export function buildMatrix(cells: Cell[], areas: AreaPoint[], nameless: string, part: Part = null): Matrix {
  const names = new Map(areas.map(({ id, name }) => [id, name]));
  const rows = new Map<string, MatrixRow>();
  const total: MatrixRow = { area: null, name: "", cells: {}, total: blank() };
  for (const cell of cells) {
    if (part !== null && cell[part] === 0) continue;
    const category = topCategory(cell.category);
    const area = cell.area ?? UNPLACED;
    let row = rows.get(area);
    if (!row) {
      const name = area === UNPLACED ? nameless : (names.get(area) ?? area);
      row = { area, name, cells: {}, total: blank() };
      rows.set(area, row);
    }
    add((row.cells[category] ??= blank()), cell);
    add((total.cells[category] ??= blank()), cell);
    add(row.total, cell);
    add(total.total, cell);
  }
  const weight = (category: string): number => (total.cells[category]?.unserved ?? 0) * 1e6 + (total.cells[category]?.wanted ?? 0);
  const categories = Object.keys(total.cells).sort((one, other) => weight(other) - weight(one) || one.localeCompare(other));
  // As the map has them, so that rows of one figure stand in one order everywhere.
  const sorted = [...rows.values()].sort(({ total: one, name }, { total: other, name: next }) => other.unserved - one.unserved || other.wanted - one.wanted || name.localeCompare(next));
  return { categories, rows: sorted, total };
}

import { describe, expect, it } from "vitest";
import type { AreaPoint, Cell } from "../src/api/types";
import { buildMatrix, mainReason, UNPLACED } from "../src/views/today/matrix";

const cell = (area: string | null, category: string, served: number, byReason: Record<string, number>): Cell => {
  const unserved = Object.values(byReason).reduce((sum, places) => sum + places, 0);
  return { area, category, wanted: served + unserved, served, unserved, reason: null, by_reason: byReason };
};
const area = (id: string, name: string): AreaPoint => ({
  id, name, lon: null, lat: null, precision: "area", population: null, over60: null, wanted: 0, unserved: 0, reason: null,
});

const CELLS = [
  cell("a1", "repair", 5, { no_capacity: 4, out_of_reach: 2 }),
  cell("a1", "health", 3, {}),
  cell("a1", "health.tcm", 0, { no_capable_unit: 1 }),
  cell("a2", "repair", 7, {}),
  cell(null, "legal", 0, { unknown_place: 3 }),
];
const AREAS = [area("a1", "梧桐"), area("a2", "香樟"), area("a3", "银杏")];

describe("neighbourhoods x categories", () => {
  const matrix = buildMatrix(CELLS, AREAS, "区域不明");

  it("adds up: rows, columns and the whole", () => {
    const wanted = CELLS.reduce((sum, { wanted }) => sum + wanted, 0);
    const unserved = CELLS.reduce((sum, { unserved }) => sum + unserved, 0);
    expect(matrix.total.total).toMatchObject({ wanted, unserved, served: wanted - unserved });
    for (const figure of ["wanted", "served", "unserved"] as const) {
      expect(matrix.rows.reduce((sum, row) => sum + row.total[figure], 0)).toBe(matrix.total.total[figure]);
      for (const category of matrix.categories) {
        const column = matrix.rows.reduce((sum, row) => sum + (row.cells[category]?.[figure] ?? 0), 0);
        expect(column).toBe(matrix.total.cells[category]?.[figure]);
      }
    }
  });

  it("keeps needs without an area, under a name of their own, where their gap puts them", () => {
    expect(matrix.rows.map(({ name }) => name)).toEqual(["梧桐", "区域不明", "香樟"]);
  });

  it("puts children under their category, and the largest gap first", () => {
    expect(matrix.categories).toEqual(["repair", "legal", "health"]);
    expect(matrix.rows[0]?.cells["health"]).toMatchObject({ wanted: 4, unserved: 1 });
  });

  it("names the reason of most places, the first of equals", () => {
    const order = ["no_capable_unit", "out_of_reach", "no_capacity"];
    expect(mainReason({ wanted: 6, served: 0, unserved: 6, byReason: { no_capacity: 4, out_of_reach: 2 } }, order)).toBe("no_capacity");
    expect(mainReason({ wanted: 4, served: 0, unserved: 4, byReason: { no_capacity: 2, out_of_reach: 2 } }, order)).toBe("out_of_reach");
    expect(mainReason({ wanted: 4, served: 4, unserved: 0, byReason: {} }, order)).toBeNull();
  });

  it("shows one part alone", () => {
    const gaps = buildMatrix(CELLS, AREAS, "区域不明", "unserved");
    expect(gaps.rows.map(({ area }) => area)).toEqual(["a1", UNPLACED]);
    expect(gaps.total.total.unserved).toBe(matrix.total.total.unserved);
  });
});

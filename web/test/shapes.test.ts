import { describe, expect, it } from "vitest";
import type { AreaPoint, Trial, UnitPoint } from "../src/api/types";
import { circleName, readCircle, readUnit, unitName } from "../src/views/map/patterns";
import { areaFeatures, boundsOf, hexFeatures, lineFeatures, radiusOf, trialLines } from "../src/views/map/shapes";

const area = (id: string, lon: number | null, lat: number | null, unserved = 0, wanted = unserved): AreaPoint => ({
  id, name: id, lon, lat, precision: "area", population: null, over60: null, wanted, unserved, reason: unserved > 0 ? "no_capacity" : null,
});
const unit = (id: string, lon: number, lat: number): UnitPoint => ({
  id, name: id, kind: "", area: null, lon, lat, precision: "exact", member: true, capacity: null, used: 0,
});

describe("shapes of the map", () => {
  it("draws the same places as are counted, each with its number", () => {
    const areas = [area("a", 121.5, 31.2, 9, 12), area("b", 121.6, 31.3, 0, 4), area("c", null, null, 5)];
    const { features } = areaFeatures(areas, "area:b");
    expect(features.map(({ properties }) => [properties["id"], properties["unserved"]])).toEqual([["a", 9], ["b", 0]]);
    const signs = features.map(({ properties }) => readCircle(String(properties["sign"])));
    expect(signs.map((sign) => [sign?.count, sign?.reason, sign?.hollow, sign?.selected])).toEqual([
      [9, "no_capacity", true, false],
      [0, "", true, true],
    ]);
  });

  it("lets a circle grow with what is unmatched", () => {
    const radii = [0, 1, 4, 9, 16].map((unserved) => radiusOf(unserved, 16));
    expect(radii).toEqual([...radii].sort((one, other) => one - other));
    expect(radiusOf(16, 16)).toBeGreaterThan(radiusOf(1, 16));
    expect(radiusOf(16, 16, "small")).toBeLessThan(radiusOf(16, 16));
    expect(radiusOf(0, 16, "small")).toBe(radiusOf(0, 16));
  });

  it("reads a sign back from its name", () => {
    const circle = { reason: "wrong_time", radius: 17, hollow: false, count: 3, selected: true };
    expect(readCircle(circleName(circle))).toEqual(circle);
    const square = { hollow: true, selected: false, busy: true };
    expect(readUnit(unitName(square))).toEqual(square);
    expect(readCircle(unitName(square))).toBeNull();
  });

  it("gathers in hexagons without losing a place, at every zoom", () => {
    const areas = Array.from({ length: 500 }, (_, at) => area(`a${at}`, 121 + (at % 25) / 50, 31 + Math.floor(at / 25) / 60, at % 7, at % 11));
    const sum = (key: "unserved" | "wanted"): number => areas.reduce((total, one) => total + one[key], 0);
    for (const zoom of [6, 9, 12]) {
      const { features } = hexFeatures(areas, zoom);
      const total = (key: string): number => features.reduce((all, { properties }) => all + Number(properties[key]), 0);
      expect([total("areas"), total("unserved"), total("wanted")]).toEqual([500, sum("unserved"), sum("wanted")]);
      expect(Math.max(...features.map(({ properties }) => Number(properties["step"])))).toBe(4);
    }
    expect(hexFeatures(areas, 6).features.length).toBeLessThan(hexFeatures(areas, 12).features.length);
  });

  it("draws new ways solid and old ones dashed, between known points only", () => {
    const item = { need: "n", title: "", area_name: "", places: 2 };
    const trial = {
      gained: [{ ...item, area: "a", unit: "u", unit_name: "" }],
      moved: [{ ...item, area: "a", from_unit: "u", from_unit_name: "", to_unit: "v", to_unit_name: "", distance_change_m: -1 }],
      lost: [{ ...item, area: null, unit: "u", unit_name: "" }],
    } as unknown as Trial;
    const lines = trialLines(trial);
    expect(lines.map(({ kind }) => kind)).toEqual(["new", "old", "new"]);
    const drawn = lineFeatures(lines, [area("a", 1, 2)], [unit("u", 3, 4)]);
    expect(drawn.features.map(({ geometry }) => geometry.coordinates)).toEqual([[[3, 4], [1, 2]], [[3, 4], [1, 2]]]);
  });

  it("bounds what has a place", () => {
    expect(boundsOf([area("a", 3, 4), area("b", null, null), area("c", 1, 9)])).toEqual([1, 4, 3, 9]);
    expect(boundsOf([area("b", null, null)])).toBeNull();
  });
});

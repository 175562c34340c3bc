import { expect, it } from "vitest";
import type { Gap } from "../src/api/plans";
import { areasOf, foldGaps, prioritiesOf } from "../src/views/gaps/fold";

const gap = (area: string, more: Partial<Gap> = {}): Gap => ({
  reason: "no_capable_unit", category: "work", area, by_category: { work: 1 }, by_area: { [area]: 1 }, places: 1, people: 1, priority: 3,
  needs: [`need-${area}`], assumed: false, certificate: null, missing: { category: 1 }, fix: null, no_fix: null, would_do: [], ...more,
});
const areas = (folds: Gap[][]): (string | null)[][] => folds.map((fold) => fold.map(({ area }) => area));

it("folds gaps that say the same of many neighbourhoods, where the first stands, and loses none", () => {
  const other = gap("x", { by_category: { health: 1 } });
  expect(areas(foldGaps([gap("a"), other, gap("b"), gap("c")]))).toEqual([["a", "b", "c"], ["x"]]);
});

it("leaves few as they are, and the urgent apart, and those with a fix or a proof", () => {
  expect(areas(foldGaps([gap("a"), gap("b")]))).toEqual([["a"], ["b"]]);
  expect(areas(foldGaps([gap("a"), gap("b"), gap("c", { priority: 1 })]))).toEqual([["a"], ["b"], ["c"]]);
  const proved = ["a", "b", "c"].map((area) => gap(area, { certificate: { short_by: 1 } as Gap["certificate"] }));
  expect(areas(foldGaps(proved))).toEqual([["a"], ["b"], ["c"]]);
});

it("folds other priorities together and tells their places", () => {
  const [fold = []] = foldGaps([gap("a", { priority: 3 }), gap("b", { priority: 2 }), gap("c", { priority: 3, places: 4 })]);
  expect(fold).toHaveLength(3);
  expect(prioritiesOf(fold)).toEqual([[2, 1], [3, 5]]);
});

it("counts each neighbourhood once, and none where one is unknown", () => {
  expect(areasOf([gap("a"), gap("b"), gap("a")])).toBe(2);
  expect(areasOf([gap("a"), gap("")])).toBeNull();
});

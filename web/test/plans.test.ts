import { describe, expect, it } from "vitest";
import type { Gap } from "../src/api/plans";
import type { Row, RowAssignment } from "../src/api/types";
import { areasBelow, chooseGaps, groupGaps } from "../src/views/gaps/choose";
import { fillPages } from "../src/views/print/paging";
import { readField, shownFields, writeField } from "../src/views/record/fields";
import { declineName, DECLINES } from "../src/views/round/declines";
import { linesOf, whyText } from "../src/views/round/reasons";

const given: RowAssignment = {
  offer: "o", unit: "u", unit_name: "便民维修队", places: 2, distance_m: 420.4, estimate: true, fit: "exact", assumed: false, locked: false, why: null,
};
const row: Row = {
  need: "n", kind: "need", title: "修灯", group: "", category: "repair", area: "a", area_name: "梧桐", priority: 1, quantity: 5, served: 3, unserved: 2,
  reason: "no_capacity", certificate: 0, warnings: [], assignments: [given, { ...given, unit: "v", places: 1 }],
};

describe("lines of a round", () => {
  it("add up to what the need asks for", () => {
    const lines = linesOf([row], null);
    expect(lines.reduce((sum, { places }) => sum + places, 0)).toBe(row.quantity);
    expect(new Set(lines.map(({ key }) => key)).size).toBe(3);
    expect(linesOf([row], "served").every((line) => line.given)).toBe(true);
    expect(linesOf([row], "unserved").map(({ places }) => places)).toEqual([2]);
  });

  it("say why in numbers, and leave out what is unknown", () => {
    const why = { kind: "nearest_with_room", runner_up_unit_name: "玉兰服务社", runner_up_extra_m: 310.2, nearest_unit_name: null, nearest_distance_m: null } as const;
    expect(whyText({ ...given, why })).toBe("最近且有余，次选玉兰服务社远310米");
    expect(whyText({ ...given, why: { ...why, runner_up_extra_m: null } })).toBe("最近且有余");
    expect(whyText(given)).toBe("");
  });

  it("name every coded refusal, and keep a list's own words", () => {
    expect(Object.values(DECLINES).map(declineName)).not.toContain("");
    expect(declineName("搬走了")).toBe("搬走了");
  });
});

const gap = (reason: string, places: number, more: Partial<Gap> = {}): Gap => ({
  reason, category: null, area: null, by_category: { "health.tcm": places }, by_area: { a1: places }, places, people: 1, priority: 3, needs: ["n"], assumed: false,
  certificate: null, fix: null, no_fix: null, would_do: [], ...more,
});

describe("gaps", () => {
  const parents = new Map([["city", null], ["a", "city"], ["a1", "a"], ["b", "city"]]);
  const all = [gap("refused", 1), gap("no_capacity", 8, { priority: 1 }), gap("refused", 4, { by_area: { b: 4 }, by_category: { repair: 4 } })];
  const nothing = { area: null, cat: null, reason: null, priority: null };

  it("are chosen by area with all below it, category with its children, reason and priority", () => {
    expect([...areasBelow("a", parents)].sort()).toEqual(["a", "a1"]);
    expect(chooseGaps(all, { ...nothing, area: "a" }, parents)).toEqual(all.slice(0, 2));
    expect(chooseGaps(all, { ...nothing, area: "city" }, parents)).toEqual(all);
    expect(chooseGaps(all, { ...nothing, cat: "health" }, parents)).toEqual(all.slice(0, 2));
    expect(chooseGaps(all, { ...nothing, reason: "no_capacity", priority: "1" }, parents)).toEqual([all[1]]);
  });

  it("are grouped by reason, none lost, the largest first", () => {
    const groups = groupGaps(all);
    expect(groups.map(({ reason, places }) => [reason, places])).toEqual([["no_capacity", 8], ["refused", 5]]);
    expect(groups.flatMap(({ gaps }) => gaps)).toHaveLength(all.length);
  });
});

describe("pages of a claim sheet", () => {
  it("hold every row once, in order, and leave room for the signature", () => {
    for (const count of [0, 1, 7, 40, 200]) {
      const heights = Array.from({ length: count }, (_, at) => 20 + (at % 3) * 19);
      const pages = fillPages(heights, 400, 300);
      expect(pages.flat()).toEqual(heights.map((_, at) => at));
      const filled = (page: number[]): number => page.reduce((sum, at) => sum + (heights[at] ?? 0), 0);
      expect(pages.every((page) => filled(page) <= 400)).toBe(true);
      expect(filled(pages[pages.length - 1] ?? [])).toBeLessThanOrEqual(300);
    }
  });

  it("give a row that is too tall a page of its own", () => {
    expect(fillPages([10, 900, 10], 400, 300)).toEqual([[0], [1], [2]]);
  });
});

describe("fields of a record", () => {
  const offer = { id: "o", title: "理发", capacity: 1_000_000_000, reach_m: null, reach_any: true, tags: ["上门", "女"], times: "", status: "open", per: "month", list_row: 3 };

  it("read as people say them, the unknown as 不详", () => {
    const read = (name: string): string => readField("offers", offer, name, {});
    expect(["capacity", "reach_m", "tags", "times", "status", "per"].map(read)).toEqual(["不限", "不限", "上门、女", "不详", "开放", "每月"]);
  });

  it("are written back as a list's cell", () => {
    expect(["capacity", "reach_m", "tags", "times"].map((name) => writeField(offer, name))).toEqual(["不限", "不限", "上门、女", ""]);
    expect(shownFields(offer)).not.toContain("list_row");
    expect(shownFields(offer)[0]).toBe("title");
  });
});

import { afterEach, describe, expect, it } from "vitest";
import type { CellProblem, Saying } from "../src/api/types";
import { choicesFor, isReference, sayingFor, withoutSaying, withSaying } from "../src/views/lists/sayings";
import { lang } from "../src/words";

const problem = (over: Partial<CellProblem>): CellProblem => ({
  problem: "category_unreadable", severity: "error", file: "a.xlsx", sheet: "需求", row: 14, column: "类别",
  found: "缝缝补补", expected: "类别的名称", remedy: "改成已知的类别", choose_from: "categories", ...over,
});

afterEach(() => {
  lang.value = "zh";
});

describe("what is said once and for all", () => {
  it("is of words, headings and names alone, and of a text that is shown", () => {
    expect(sayingFor(problem({}), "便民维修")).toEqual({ kind: "category", written: "缝缝补补", meaning: "便民维修" });
    expect(sayingFor(problem({ problem: "category_other" }), "便民维修")?.kind).toBe("heading");
    expect(sayingFor(problem({ problem: "draft_area", found: "银杏苑" }), "银杏")?.kind).toBe("name");
    expect(sayingFor(problem({ problem: "priority_unreadable" }), "紧急")).toBeNull();
    expect(sayingFor(problem({ found: "" }), "便民维修")).toBeNull();
    expect(isReference(problem({ problem: "draft_unit" }))).toBe(true);
    expect(isReference(problem({}))).toBe(false);
  });

  it("takes the place of what was said of the same text", () => {
    const first: Saying = { kind: "name", written: "老玉兰", meaning: "玉兰社" };
    const list: Saying = { kind: "list", headers: ["甲", "乙"], table: "needs", columns: ["title", null] };
    const said = withSaying(withSaying(withSaying([], first), list), { ...first, meaning: "玉兰服务社" });
    expect(said).toEqual([list, { ...first, meaning: "玉兰服务社" }]);
    expect(withoutSaying(said, { ...list, table: "offers" })).toEqual([{ ...first, meaning: "玉兰服务社" }]);
  });

  it("offers the words that a cell may hold, in the page's language", () => {
    expect(choicesFor(problem({}))).toContain("便民维修");
    expect(choicesFor(problem({ choose_from: "priority" }))).toEqual(["紧急", "较急", "一般", "较缓", "可缓"]);
    expect(choicesFor(problem({ choose_from: "yes_no" }))).toEqual(["是", "否"]);
    lang.value = "en";
    expect(choicesFor(problem({ choose_from: "mode" }))).toHaveLength(3);
    expect(choicesFor(problem({ choose_from: "weather" }))).toEqual([]);
    const plain = problem({});
    delete plain.choose_from;
    expect(choicesFor(plain)).toEqual([]);
  });
});

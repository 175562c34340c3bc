import { describe, expect, it } from "vitest";
import type { CellProblem, LoadReport } from "../src/api/types";
import { alike, countRows, groupProblems, problemTitle, propose, sheetsOf, wideProblems } from "../src/views/lists/problems";

const problem = (over: Partial<CellProblem>): CellProblem => ({
  problem: "number_vague", severity: "error", file: "a.xlsx", sheet: "需求", row: 14, column: "数量",
  found: "两三次", expected: "≥1的一个整数", remedy: "填其中一个数，如2、3；不清楚就清空", ...over,
});

const REPORT: LoadReport = {
  kept: { needs: 3 },
  unchanged: {},
  refused: 2,
  problems: [
    problem({}),
    problem({ problem: "times_unreadable", severity: "warning", column: "时段", found: "看情况" }),
    problem({ row: 16 }),
    problem({ problem: "unknown_column", severity: "warning", row: 1, column: "甲", found: "甲" }),
  ],
  tables: [{ table: "needs", sheet: "需求", file: "a.xlsx", rows: 5, kept: 3, refused: 2 }],
  grid: [
    { file: "a.xlsx", sheet: "需求", row: 14, cells: { 序号: "1", 名称: "修灯", 类别: "维修", 数量: "两三次", 区域: "梧桐", 优先级: "一般", 时段: "看情况", 备注: "" }, problems: [0, 1] },
    { file: "a.xlsx", sheet: "需求", row: 16, cells: { 序号: "3", 名称: "修窗", 类别: "维修", 数量: "两三次", 区域: "梧桐", 优先级: "一般", 时段: "", 备注: "" }, problems: [2] },
  ],
  unnamed: [],
};

describe("problems of a list", () => {
  it("are grouped: errors first, the most frequent first", () => {
    expect(groupProblems(REPORT.problems).map(({ code, count }) => [code, count])).toEqual([
      ["number_vague", 2], ["times_unreadable", 1], ["unknown_column", 1],
    ]);
  });

  it("are counted by rows", () => {
    expect(countRows(REPORT)).toEqual({ rows: 5, good: 3, bad: 2 });
  });

  it("bring proposals", () => {
    expect(propose(problem({})).map(({ value }) => value)).toEqual(["2", "3", ""]);
    expect(propose(problem({ problem: "draft_area", found: "银杏苑", remedy: "是“银杏”吗？改成已有的名称" }))).toEqual([
      { value: "银杏", kind: "nearest" },
    ]);
    expect(propose(problem({ problem: "choice_unreadable", expected: "上门、到点、线上", remedy: "填其中一个" })).map(({ value }) => value)).toEqual([
      "上门", "到点", "线上",
    ]);
    expect(propose(problem({ problem: "priority_unreadable", remedy: "填1到5" }))).toEqual([]);
    expect(propose(problem({ problem: "draft_area", remedy: "是“甲街道/新村、乙街道/新村”吗？改成已有的名称" })).map(({ value, kind }) => [value, kind])).toEqual([
      ["甲街道/新村", "value"], ["乙街道/新村", "value"],
    ]);
    expect(propose(problem({ problem: "draft_area", remedy: "Is it “银杏”? Write a known name" }))).toEqual([{ value: "银杏", kind: "nearest" }]);
  });

  it("show the first columns and the faulty ones, without the serial number", () => {
    const [sheet] = sheetsOf(REPORT, null);
    expect(sheet?.columns).toEqual(["名称", "类别", "数量", "区域", "时段"]);
    expect(sheetsOf(REPORT, "times_unreadable")[0]?.rows.map(({ row }) => row)).toEqual([14]);
  });

  it("of a whole column stand apart", () => {
    expect(wideProblems(REPORT).map(({ problem }) => problem)).toEqual(["unknown_column"]);
  });

  it("alike are mended together", () => {
    expect(alike(REPORT, problem({})).map(({ row }) => row)).toEqual([14, 16]);
  });

  it("have names from the loaders' catalogue", () => {
    expect(problemTitle("number_vague")).toBe("数量说法不确定");
    expect(problemTitle("never_heard")).toBe("never_heard");
  });
});

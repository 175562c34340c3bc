import { describe, expect, it } from "vitest";
import { neutral, toCsv, toTabs } from "../src/parts/rows";
import { guessTable, pastedFile, readCells } from "../src/views/lists/paste";

const columns = [
  { header: "名称", text: (row: string[]) => row[0] ?? "" },
  { header: "数量", text: (row: string[]) => row[1] ?? "" },
];

describe("rows as text", () => {
  it("disarms what a spreadsheet would run", () => {
    expect(["=1+1", "+x", "-x", "@a", "-5", "修灯"].map(neutral)).toEqual(["'=1+1", "'+x", "'-x", "'@a", "-5", "修灯"]);
  });

  it("copies rows as Excel takes them", () => {
    expect(toTabs(columns, [["修\t灯", "2"]])).toBe("名称\t数量\r\n修 灯\t2");
  });

  it("writes CSV with its mark and quotes", () => {
    expect(toCsv(columns, [['说"好"', "1,5"]])).toBe('\uFEFF名称,数量\r\n"说""好""","1,5"\r\n');
  });
});

describe("pasted cells", () => {
  it("reads quoted cells with tabs, lines and quotes in them", () => {
    expect(readCells('a\t"b\tc"\r\n"x\ny"\t"say ""z"""\r\n')).toEqual([["a", "b\tc"], ["x\ny", 'say "z"']]);
  });

  it("knows a list by its header, in both languages", () => {
    expect(guessTable(["序号", "名称", "类别", "数量", "优先级"])).toBe("needs");
    expect(guessTable(["title", "unit", "category", "capacity", "reach_m"])).toBe("offers");
    expect(guessTable(["项目名称", "所需单位数"])).toBe("projects");
    expect(guessTable(["甲", "乙"])).toBeNull();
  });

  it("makes a file of a table and of nothing else", async () => {
    const file = pastedFile("名称\t类别\t优先级\r\n修灯\t便民维修\t一般\r\n");
    expect(file?.name).toBe("需求清单.csv");
    expect(await file?.text()).toContain('"修灯","便民维修","一般"');
    expect(pastedFile("一句话")).toBeNull();
    expect(pastedFile("一列\r\n两行")).toBeNull();
  });
});

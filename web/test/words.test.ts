import { afterEach, describe, expect, it } from "vitest";
import beside from "../../graph/words/beside.json";
import domain from "../../graph/words/domain.json";
import frame from "../../graph/words/page.json";
import network from "../../graph/words/network.json";
import plans from "../../graph/words/plans.json";
import { categoryName, countOf, fill, fixed, lang, num, OF_ONE, t } from "../src/words";

const page = { ...frame, ...plans, ...network, ...beside };

const gaps = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();

afterEach(() => {
  lang.value = "zh";
});

const sources = import.meta.glob("../src/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
const source = Object.values(sources).join("\n");

describe("words", () => {
  it.each(Object.keys(page))("%s is used somewhere", (key) => {
    expect(source).toMatch(new RegExp(`"${key}"|\\b${key}: "`));
  });

  it.each(Object.entries(page))("%s is in both languages, with the same gaps", (_key, words) => {
    expect(words.zh.trim()).not.toBe("");
    expect(words.en.trim()).not.toBe("");
    expect(gaps(words.en)).toEqual(gaps(words.zh));
  });

  it.each(Object.entries(page))("%s speaks calmly: no exclamation, no typed space between 汉字 and digits", (_key, words) => {
    expect(words.zh).not.toMatch(/[!！]|请勿|失败|非法/);
    expect(words.en).not.toMatch(/!/);
    expect(words.zh).not.toMatch(/\p{Script=Han} [\d{]|[\d}] \p{Script=Han}/u);
  });

  it("counts records as a sentence does", () => {
    expect([countOf("needs", 63), countOf("projects", 6), countOf("units", 1)]).toEqual(["63项需求", "6个项目", "1家单位"]);
    lang.value = "en";
    expect([countOf("needs", 63), countOf("projects", 1), countOf("offers", 2)]).toEqual(["63 needs", "1 project", "2 offers"]);
  });

  it("says one of something as English does", () => {
    expect([t("gap_places", { n: 1 }), t("gap_people", { n: 2 })]).toEqual(["1项次", "2人"]);
    lang.value = "en";
    expect([t("gap_places", { n: 1 }), t("gap_places", { n: 2 }), t("gap_places", { n: 0 })]).toEqual(["1 place", "2 places", "0 places"]);
    expect([t("gap_people", { n: 1 }), t("blind_people", { n: "1", old: "1" })]).toEqual(["1 person", "1 person, 1 over 60"]);
    expect(t("territories_title", { n: 1 })).toBe("With 1 new one each looks after");
  });

  it.each(Object.entries(OF_ONE))("%s says in Chinese of one what it does of many", (many, one) => {
    expect(page[one].zh).toBe(page[many as keyof typeof page].zh);
  });

  it("names every domain word in both languages", () => {
    for (const group of [domain.tables, domain.columns, domain.categories, domain.reasons, domain.warnings, ...Object.values(domain.values)]) {
      for (const [id, words] of Object.entries(group)) {
        expect(words.zh, id).not.toBe("");
        expect(words.en, id).not.toBe("");
      }
    }
  });

  it("fills gaps and keeps unknown ones", () => {
    expect(fill("至多再安排{n}项次，{x}", { n: 12345 })).toBe("至多再安排12,345项次，{x}");
    expect(t("up_to", { n: 9 })).toBe("至多再安排9项次");
    lang.value = "en";
    expect(t("up_to", { n: 9 })).toBe("Up to 9 more places");
  });

  it("shows the unknown as 不详, never as 0", () => {
    expect(num(null)).toBe("不详");
    expect(num(0)).toBe("0");
    expect(num(9999)).toBe("9,999");
  });

  it("writes the numbers of a column with the same digits", () => {
    expect([1, 0.9, 0.714].map((value) => fixed(value, 2))).toEqual(["1.00", "0.90", "0.71"]);
    expect(fixed(null, 2)).toBe("不详");
  });

  it("names a category's unknown child after its parent", () => {
    expect(categoryName("health.tcm")).toBe("中医");
    expect(categoryName("health.ear")).toBe("医疗健康·ear");
  });
});

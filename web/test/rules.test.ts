import { afterEach, describe, expect, it } from "vitest";
import { Refusal } from "../src/api/client";
import type { Keeping } from "../src/api/types";
import { faultsOf, isSameWish, NO_RULES, rulesOf, wishOf } from "../src/state/rules";
import { howKept } from "../src/views/round/keeping";
import { lang } from "../src/words";

const keep: Keeping = { round: "2026-1", asked_m: 200, most_moves: null, fewest: null, places: 10, stay: 7, moved: 2, gone: 1, status: "optimal", gap_m: 0 };

afterEach(() => {
  lang.value = "zh";
});

describe("rules", () => {
  it("say nothing where nothing is asked for", () => {
    expect(wishOf(NO_RULES)).toEqual({});
    expect(wishOf({ ...NO_RULES, keep_m: "9", most_moves: "3" })).toEqual({});
    expect(wishOf(rulesOf({ keep: null, load: null }))).toEqual({});
    expect(wishOf(rulesOf({}))).toEqual({});
  });

  it("are those that the round was made by", () => {
    const rules = rulesOf({ keep: { ...keep, most_moves: 0 }, load: { step_m: 50, units: 3, most_places: 9 } });
    expect(wishOf(rules)).toEqual({ keep_round: "2026-1", keep_m: 200, most_moves: 0, load_m: 50 });
    expect(wishOf(rulesOf({ keep }))).toEqual({ keep_round: "2026-1", keep_m: 200 });
  });

  it("send what isn't a number as it was typed", () => {
    expect(wishOf({ keep_round: "a", keep_m: " ", most_moves: "几个", load_m: "-1" })).toEqual({ keep_round: "a", most_moves: "几个", load_m: -1 });
  });

  it("are the same whatever stands in fields that say nothing", () => {
    expect(isSameWish({ ...NO_RULES, keep_m: "9", load_m: "" }, NO_RULES)).toBe(true);
    expect(isSameWish({ ...NO_RULES, load_m: "1" }, NO_RULES)).toBe(false);
  });
});

describe("how well a round was kept", () => {
  it.each([
    [{}, "keep_best", "exact"],
    [{ most_moves: 2 }, "keep_best_most", "exact"],
    [{ most_moves: 2, status: "bounded", gap_m: 40 }, "keep_bounded", "bound"],
    [{ most_moves: 1, status: "exceeded", fewest: 2, gap_m: null }, "keep_exceeded", "exact"],
    [{ most_moves: 1, status: "heuristic", gap_m: null }, "keep_missed", "heuristic"],
    [{ most_moves: 1, status: "bounded", gap_m: null }, "keep_missed", "heuristic"],
    [{ most_moves: 2, status: "bounded", gap_m: null }, "keep_unproved", "heuristic"],
    [{ status: "bounded", gap_m: null }, "keep_unproved", "heuristic"],
    [{ status: "heuristic", gap_m: null }, "keep_unproved", "heuristic"],
  ] as [Partial<Keeping>, string, string][])("%o is %s", (part, word, kind) => {
    expect(howKept({ ...keep, ...part })).toMatchObject({ word, kind });
  });
});

describe("a refusal", () => {
  const rules = { ...NO_RULES, keep_round: "2026-1" };
  const refused = (type: string, more = {}): Refusal => new Refusal(422, { type: `urn:linli:problem:${type}`, title: "题目", ...more });

  it("stands at the fields that it names", () => {
    const wrong = refused("invalid", { errors: [{ where: ["body", "most_moves"], expected: "0 or more", expected_zh: "0以上" }, { where: ["body", "load_m", "int"], expected: "x", expected_zh: "x" }, { where: ["body", "load_m"], expected: "a whole number", expected_zh: "整数" }] });
    expect([...faultsOf(wrong, rules)]).toEqual([["most_moves", { text: "应为0以上", remedy: "" }], ["load_m", { text: "应为整数", remedy: "" }]]);
    lang.value = "en";
    expect(faultsOf(wrong, rules).get("load_m")?.text).toBe("Expected: a whole number");
  });

  it("of the round stands at the round", () => {
    for (const type of ["no-round", "old-round", "invalid"]) expect([...faultsOf(refused(type), rules).keys()]).toEqual(["keep_round"]);
  });

  it("of anything else stands below all", () => {
    expect([...faultsOf(refused("busy"), rules).keys()]).toEqual([""]);
    expect([...faultsOf(refused("invalid"), NO_RULES).keys()]).toEqual([""]);
    expect([...faultsOf(refused("invalid", { errors: [{ where: ["body", "from"], expected: "a day", expected_zh: "日期" }] }), rules).keys()]).toEqual([""]);
  });
});

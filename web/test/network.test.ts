import { describe, expect, it } from "vitest";
import words from "../../graph/words/measures.json";
import type { Picture, PictureParty, ProposedGroup, Tie } from "../src/api/network";
import { coloursOf, digitsOf, findRows, fits, measuresOf, TIES, groupParties, holdsOn, MEASURES, MOST_COLOURS, nextTowards, onlyTiedTo, partnersOf, radiiOf, rangeOf, rowOfSel, selOf, valuesOf, type PartyRow } from "../src/views/network/shapes";

const party = (id: string, more: Partial<PictureParty> = {}): PictureParty => ({ id, name: `单位${id}`, table: "units", kind: null, x: 0, y: 0, community: 1, alliances: [], ...more });
const drawn = (parties: PictureParty[], ties: Tie[] = []): Picture => ({ kind: "pairings", ties_zh: "", ties_en: "", parties, ties, ties_total: ties.length, names: {} });

describe("the network's picture", () => {
  const star = drawn([party("a"), party("b"), party("c"), party("d", { community: null })], [[0, 1, 3], [0, 2, 1]]);

  it("knows who is tied to whom, and who would lose an only tie", () => {
    const partners = partnersOf(star);
    expect(partners[0]).toEqual([{ row: 1, weight: 3 }, { row: 2, weight: 1 }]);
    expect(partners[3]).toEqual([]);
    expect(onlyTiedTo(0, partners)).toEqual([1, 2]);
    expect(onlyTiedTo(1, partners)).toEqual([]);
  });

  it("colours the largest groups and no more than can be told apart", () => {
    const many = drawn(Array.from({ length: 30 }, (_, at) => party(String(at), { community: at < 12 ? 1 : at })));
    const { all, of } = groupParties(many, "community", partnersOf(many));
    expect(all[0]).toMatchObject({ id: "1", size: 12, colour: 1 });
    expect(all.filter(({ colour }) => colour !== null)).toHaveLength(MOST_COLOURS);
    expect(of[0]).toBe(all[0]);
    expect(groupParties(star, "community", partnersOf(star)).of[3]).toBeNull();
  });

  it("takes of several alliances the smallest", () => {
    const bodies = drawn([party("a", { alliances: ["all", "few"] }), party("b", { alliances: ["all"] }), party("c", { alliances: ["all", "few"] }), party("d")]);
    expect(groupParties(bodies, "alliance", partnersOf(bodies)).of.map((group) => group?.id ?? null)).toEqual(["few", "all", "few", null]);
  });

  it("offers of each network what says something of it", () => {
    for (const kind of TIES) expect(measuresOf(kind)).toContain("degree");
    expect(fits("density", "agreements")).toBe(false);
    expect(fits("articulation", "complement")).toBe(false);
    expect(measuresOf("pairings")).toEqual([...MEASURES]);
    expect(coloursOf("tree")).toEqual(["kind"]);
    for (const measures of Object.values(words.of)) for (const name of Object.keys(measures)) expect(Object.keys(words.measures)).toContain(name);
  });

  it("tells a range only where a number is open", () => {
    expect(rangeOf({ value: 2, from: 1, to: 3 })).toEqual([1, 3]);
    expect(rangeOf({ value: 2, from: 2, to: null })).toEqual([2, null]);
    for (const sure of [{ value: 2 }, { value: 2, from: 2, to: 2 }, { value: null, from: 0, to: 1 }]) expect(rangeOf(sure)).toBeNull();
  });

  it("colours proposed groups by their own numbers", () => {
    const judged = { affinity: 1, bound: 2, sizes: [1, 2], connected: true, complement: 1, distance_m: null };
    const group = (number: number, ...ids: string[]): ProposedGroup => ({ group: number, size: ids.length, continues: null, continues_name: null, parties: ids.map((id) => ({ id, name: id })) });
    const { all, of } = groupParties(star, "group", partnersOf(star), { ...judged, groups: [group(1, "a"), group(2, "b", "c", "elsewhere")], moves: [], reasons: [], today: null });
    expect(all.map(({ id, size, colour }) => [id, size, colour])).toEqual([["1", 1, 1], ["2", 2, 2]]);
    expect(of.map((one) => one?.id ?? null)).toEqual(["1", "2", "2", null]);
    expect(groupParties(star, "group", partnersOf(star)).all).toEqual([]);
  });

  it("draws more where there is more, and least where nothing is known", () => {
    const [most, none, some] = radiiOf([4, null, 1]);
    expect(most).toBeGreaterThan(some ?? 0);
    expect(some).toBeGreaterThan(none ?? 0);
    expect(radiiOf([0, 0])).toEqual([none, none]);
    expect(valuesOf(star, [{ id: "c", name: "", value: 2 }, { id: "a", name: "", value: null }])).toEqual([null, null, 2, null]);
  });

  it("shows two figures of what is small, and what holds on a day", () => {
    expect([0, 0.5, -0.25, 0.0011, -0.02, 1e-12].map(digitsOf)).toEqual([3, 3, 3, 4, 3, 8]);
    const term = { valid_from: "2026-02-01", valid_to: "2026-03-31" };
    expect(["2026-01-31", "2026-02-01", "2026-03-31", "2026-04-01", null].map((day) => holdsOn(term, day))).toEqual([false, true, true, false, true]);
    expect(holdsOn({ valid_from: null }, "2026-01-01")).toBe(true);
  });

  it("goes from one party to the next by arrows", () => {
    const points = [{ x: 0, y: 0 }, { x: 2, y: 0.1 }, { x: 1, y: 5 }, { x: -3, y: 0 }];
    expect(nextTowards(points, 0, "ArrowRight")).toBe(1);
    expect(nextTowards(points, 0, "ArrowUp")).toBe(2);
    expect(nextTowards(points, 0, "ArrowLeft")).toBe(3);
    expect(nextTowards(points, 0, "ArrowDown")).toBeNull();
  });

  it("finds rows by name, group and partner", () => {
    const rows: PartyRow[] = [
      { row: 0, party: party("a"), group: "圈子1", value: 1, range: null, change: null, partners: [], partnerNames: "单位b" },
      { row: 1, party: party("b"), group: "圈子2", value: 1, range: null, change: null, partners: [], partnerNames: "" },
    ];
    expect(findRows(rows, " 单位B ")).toHaveLength(2);
    expect(findRows(rows, "圈子2").map(({ row }) => row)).toEqual([1]);
    expect(findRows(rows, "")).toBe(rows);
  });

  it("writes a selection as other pages do, and reads it back", () => {
    expect(star.parties.map(selOf)[1]).toBe("unit:b");
    expect(rowOfSel(star, "unit:b")).toBe(1);
    expect(rowOfSel(star, "unit:zz")).toBeNull();
    expect(rowOfSel(star, null)).toBeNull();
  });

  it("has words for every measure it offers", () => {
    for (const measure of MEASURES) expect(words.measures[measure].says_zh).toBeTruthy();
  });
});

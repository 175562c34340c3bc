import { describe, expect, it } from "vitest";
import { areasToTry, changeToTry, howToTry, timesToTry, totalToTry, whyNotTried } from "../src/views/gaps/totry";

const where = { area: null, unit: "u", offer: "o", category: null };
const more = { kind: "more_capacity", where, places: 4 };
const change = (value: number): object => ({ table: "offers", id: "o", field: "capacity", value });

describe("the number an action tries", () => {
  it("is what there is now and its places more", () => {
    expect(changeToTry(more, { capacity: 2, counts: 1, unlimited: false })).toEqual(change(6));
    expect(changeToTry(more, { capacity: 0, counts: 1, unlimited: false })).toEqual(change(4));
  });
  it("brings the round's places where the capacity counts several times in it", () => {
    expect(changeToTry(more, { capacity: 2, counts: 3, unlimited: false })).toEqual(change(4));
    expect(changeToTry(more, { capacity: 0, counts: 3, unlimited: false })).toEqual(change(2));
  });
  it("is what the unknown is taken for, by its own month or year", () => {
    const unknown = { capacity: null, counts: 1, unlimited: false };
    expect(changeToTry({ ...more, kind: "ask_capacity", total: 5 }, unknown)).toEqual(change(5));
    expect(changeToTry({ ...more, kind: "ask_capacity", total: 5 }, { ...unknown, counts: 3 })).toEqual(change(2));
    expect(changeToTry(more, unknown)).toEqual(change(4));
  });
  it("is a reach of a fix that widens one, and nothing where there is no end", () => {
    const wider = { kind: "wider_reach", where, places: 0, to_reach_m: 1500 };
    expect(changeToTry(wider, undefined)).toEqual({ table: "offers", id: "o", field: "reach_m", value: 1500 });
    expect(changeToTry(more, { capacity: -1, counts: 1, unlimited: true })).toBeNull();
  });
  it("is a unit's total where that holds, and nothing where it has no limit", () => {
    const total = { where: { ...where, offer: null }, places: 3 };
    expect(totalToTry(total, 5)).toEqual({ table: "units", id: "u", field: "capacity", value: 8 });
    expect(totalToTry(total, null)).toBeNull();
  });
  it("is one area more of those that an offer serves", () => {
    const pairing = { where: { ...where, area: "n2" } };
    expect(areasToTry(pairing, ["n1"])).toEqual({ table: "offers", id: "o", field: "reach_areas", value: "n1;n2" });
    expect(areasToTry(pairing, ["n2"]).value).toBe("n2");
  });
});

describe("the hours that would do", () => {
  it("are tried beside those that the offer has", () => {
    const row = { offer: "o", need_times: "Sa 08:00-12:00", offer_times: "Mo-Fr 09:00-17:00" };
    expect(timesToTry(row)).toEqual({ table: "offers", id: "o", field: "times", value: "Mo-Fr 09:00-17:00; Sa 08:00-12:00" });
    expect(timesToTry({ ...row, offer_times: "" })).toBeNull();
  });
});

describe("what can be tried", () => {
  const offer = { unit: "u", category: "health", list_category: "", capacity: 4, reach_m: 900, reach_areas: [], tags: [], lon: null, lat: null, precision: "exact" };
  it("is a number, areas, or an offer more", () => {
    expect(howToTry(more)).toBe("offer");
    expect(howToTry({ ...more, where: { ...where, offer: null } })).toBe("unit");
    expect(howToTry({ kind: "new_pairing", where: { ...where, area: "n2" } })).toBe("areas");
    expect(howToTry({ kind: "recruit", where: { ...where, offer: null }, offer_to_try: offer })).toBe("added");
    expect(howToTry({ kind: "resident_offer", where: { ...where, unit: null, offer: null }, offer_to_try: offer })).toBe("added");
    expect(howToTry({ kind: "wider_reach", where })).toBeNull();
  });
  it("is no station, which says why", () => {
    const station = { kind: "new_station", where };
    expect(howToTry(station)).toBeNull();
    expect(whyNotTried(station)).toBe("no_try_station");
    expect(whyNotTried({ ...station, where: { ...where, offer: null } })).toBe("no_try_cover");
    expect(whyNotTried(more)).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { canTry, changeToTry } from "../src/views/gaps/totry";

const where = { area: null, unit: "u", offer: "o", category: null };
const more = { kind: "more_capacity", where, places: 4 };
const change = (value: number): object => ({ table: "offers", id: "o", field: "capacity", value });

describe("the number an action tries", () => {
  it("is what there is now and its places more", () => {
    expect(changeToTry(more, { capacity: 2, round_capacity: 2, unlimited: false })).toEqual(change(6));
    expect(changeToTry(more, { capacity: 0, round_capacity: 0, unlimited: false })).toEqual(change(4));
  });
  it("brings the round's places where the capacity counts several times in it", () => {
    expect(changeToTry(more, { capacity: 2, round_capacity: 6, unlimited: false })).toEqual(change(4));
  });
  it("is what the unknown is taken for", () => {
    const unknown = { capacity: null, round_capacity: null, unlimited: false };
    expect(changeToTry({ ...more, kind: "ask_capacity", total: 5 }, unknown)).toEqual(change(5));
    expect(changeToTry(more, unknown)).toEqual(change(4));
  });
  it("is a reach of a fix that widens one, and nothing where there is no end", () => {
    const wider = { kind: "wider_reach", where, places: 0, to_reach_m: 1500 };
    expect(changeToTry(wider, undefined)).toEqual({ table: "offers", id: "o", field: "reach_m", value: 1500 });
    expect(changeToTry(more, { capacity: -1, round_capacity: null, unlimited: true })).toBeNull();
  });
  it("is there for offers alone", () => {
    expect(canTry(more)).toBe(true);
    expect(canTry({ ...more, where: { ...where, offer: null } })).toBe(false);
    expect(canTry({ kind: "wider_reach", where })).toBe(false);
    expect(canTry({ ...more, kind: "new_station" })).toBe(false);
  });
});

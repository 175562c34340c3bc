import { describe, expect, it } from "vitest";
import { usedOf } from "../src/parts/used";
import { addsBy, addsOf, gainOf } from "../src/views/gaps/gains";
import { t, valueName } from "../src/words";

const none = { "1": 0, "2": 0, "3": 0, "4": 0, "5": 0 };

describe("what a fix gains", () => {
  it("is so many more", () => {
    expect(gainOf({ gain: { ...none, "2": 3 }, gain_places: 3, gain_project_units: 0, exact: true })).toBe(t("fix_gains", { n: 3 }));
    expect(gainOf({ gain: { ...none, "2": 3 }, gain_places: 3, gain_project_units: 0, exact: false })).toBe(t("fix_gains_about", { n: 3 }));
  });
  it("tells units of projects apart from places, and where nobody counted them", () => {
    const seven = { gain: { ...none, "3": 7 }, gain_places: 7, exact: true };
    expect(gainOf({ ...seven, gain_project_units: 1 })).toBe("多服务6项次，项目+1家单位");
    expect(gainOf({ ...seven, gain_project_units: null })).toBe(t("fix_gains_mixed", { n: 7 }));
    expect(addsOf(7, 1)).toBe("+6，项目+1");
    expect(addsOf(7, 0)).toBe("+7");
  });
  it("tells its own gap's part where that is another number, or unknown", () => {
    const four = { gain: { ...none, "2": 4 }, gain_places: 4, gain_project_units: 0, exact: true };
    expect(gainOf({ ...four, gain_here: 4 })).toBe("多服务4项次");
    expect(gainOf({ ...four, gain_here: 1 })).toBe("多服务4项次（本缺口+1项次）");
    expect(gainOf({ ...four, gain_here: null })).toBe("多服务4项次（本缺口多少不详）");
  });
  it("is told by priority where the urgent are served in place of others", () => {
    const said = gainOf({ gain: { ...none, "1": 2, "4": -2 }, gain_places: 0, gain_project_units: 0, exact: true });
    expect(said).toBe(t("fix_gains_by", { gains: `${valueName("priority", 1)} +2、${valueName("priority", 4)} −2` }));
  });
  it("is told by priority where an action takes from some", () => {
    expect(addsBy({ ...none, "1": 3, "4": -2 })).toBe(t("fix_gains_by", { gains: `${valueName("priority", 1)} +3、${valueName("priority", 4)} −2` }));
    expect(addsBy({ ...none, "1": 3 })).toBe("");
  });
});

describe("what a round uses of an offer", () => {
  const offer = { id: "o", title: "", used: 1, round_capacity: 4, unlimited: false, counts: 1 };
  it("is of what it has, of any number, or of what nobody knows", () => {
    expect(usedOf(offer)).toBe(t("rec_used", { used: 1, capacity: 4 }));
    expect(usedOf({ ...offer, round_capacity: null, unlimited: true })).toBe("本轮用1，不限量");
    expect(usedOf({ ...offer, round_capacity: null })).toBe(t("rec_used_of_unknown", { used: 1 }));
  });
});

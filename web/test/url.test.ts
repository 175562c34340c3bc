import { describe, expect, it } from "vitest";
import { formatAddress, NOWHERE, parseAddress, type Where } from "../src/state/url";

const parse = (address: string): Where => parseAddress(new URL(address, "http://127.0.0.1"));

describe("addresses", () => {
  it("brings every part of a place back", () => {
    const places: Where[] = [
      NOWHERE,
      { ...NOWHERE, page: "round", id: "r-2026/1 年", sort: "-gap", sel: "need:n-1", lang: "en" },
      { ...NOWHERE, page: "map", area: "310110021001", cat: "health.tcm", reason: "no_capacity", priority: "1", view: [14.25, 31.2, 121.5] },
      { ...NOWHERE, page: "lists", id: "load-1" },
      { ...NOWHERE, page: "record", table: "units", id: "便民维修队" },
      { ...NOWHERE, page: "print", table: "claims", by: "area", round: "r1" },
      { ...NOWHERE, page: "network", colour: "group", day: "2026-02-28", into: "12", body: "alliance-1", beside: "branch" },
      { ...NOWHERE, page: "gaps", part: "unserved", unit: "u1" },
    ];
    for (const place of places) expect(parse(formatAddress(place))).toEqual(place);
  });

  it("leaves out what is malformed", () => {
    const where = parse("/today?reason=bored&priority=9&cat=../x&into=0&day=2026-02-30&beside=x&sel=x&lang=fr&area=a%20b&sort=;drop#9/91/0");
    expect(where).toEqual(NOWHERE);
  });

  it("takes the bare address for today, and any other path for none of its pages", () => {
    expect(parse("/").page).toBe("today");
    expect(parse("/nowhere/at/all").page).toBe("missing");
    expect(formatAddress(parse("/nowhere/at/all"))).toBe("/nowhere/at/all");
    expect(parse("/units").page).toBe("missing");
    expect(parse("/lists/%E0%A4%A").id).toBeNull();
  });
});

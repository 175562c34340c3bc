import { describe, expect, it } from "vitest";
import { columnsOf } from "../src/views/gaps/curve";

describe("columnsOf", () => {
  const points = [{ p: 0, value: 0, bound: 0 }, { p: 2, value: 50, bound: 75 }, { p: 4, value: 100, bound: 100 }];
  it("goes from the lower left to the upper right", () => {
    const { value, dots } = columnsOf(points, 100, 320, 120);
    expect(value).toBe("6,114 160,60 314,6");
    expect(dots.map(({ reached }) => reached)).toEqual([0, 50, 100]);
  });
  it("draws the bound at or above the value", () => {
    const { bound } = columnsOf(points, 100, 320, 120);
    expect(bound.split(" ")[1]).toBe("160,33");
  });
  it("stays on the paper where there is nothing to reach", () => {
    expect(columnsOf([{ p: 0, value: 0, bound: 0 }], 0, 320, 120).value).toBe("6,114");
  });
});

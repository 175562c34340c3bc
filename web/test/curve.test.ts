import { describe, expect, it } from "vitest";
import { columnsOf, ticksOf } from "../src/views/gaps/curve";

const PAPER = { width: 330, height: 130, left: 20, bottom: 20 };

describe("columnsOf", () => {
  const points = [{ p: 0, value: 0, bound: 0 }, { p: 2, value: 50, bound: 75 }, { p: 4, value: 100, bound: 100 }];
  it("goes from the corner of the axes to the upper right", () => {
    const { value, dots } = columnsOf(points, 100, PAPER);
    expect(value).toBe("20,110 170,66 320,22");
    expect(dots.map(({ reached }) => reached)).toEqual([0, 50, 100]);
  });
  it("draws the bound at or above the value, and says whether it is above", () => {
    const { bound, hasRoom } = columnsOf(points, 100, PAPER);
    expect(bound.split(" ")[1]).toBe("170,44");
    expect(hasRoom).toBe(true);
    expect(columnsOf([{ p: 1, value: 5, bound: 5 }], 9, PAPER).hasRoom).toBe(false);
  });
  it("puts a number where its point is", () => {
    const { across, up, dots } = columnsOf(points, 100, PAPER);
    expect(across.map(({ at }) => at)).toEqual(dots.map(({ x }) => x));
    expect(up.find(({ value }) => value === 100)?.at).toBe(dots[2]?.y);
    expect(up[0]).toEqual({ at: 110, value: 0 });
  });
  it("stays on the paper where there is nothing to reach", () => {
    const { value, up } = columnsOf([{ p: 0, value: 0, bound: 0 }], 0, PAPER);
    expect(value).toBe("20,110");
    expect(up).toEqual([{ at: 110, value: 0 }]);
  });
});

describe("ticksOf", () => {
  it.each([
    [0, [0]], [3, [0, 1, 2, 3]], [5, [0, 1, 2, 3, 4, 5]], [7, [0, 2, 4, 6]], [25, [0, 5, 10, 15, 20, 25]],
    [297, [0, 100, 200]], [12_345, [0, 5000, 10_000]],
  ])("gives %i few round numbers", (most, ticks) => {
    expect(ticksOf(most)).toEqual(ticks);
  });
});

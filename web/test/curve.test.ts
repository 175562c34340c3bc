import { describe, expect, it } from "vitest";
import { columnsOf, stepsOf, ticksOf } from "../src/views/gaps/curve";

const PAPER = { width: 330, height: 130, left: 20, bottom: 20 };

describe("columnsOf", () => {
  const points = [{ p: 0, value: 0, bound: 0 }, { p: 2, value: 50, bound: 75 }, { p: 4, value: 100, bound: 100 }];
  it("goes from the corner of the axes to the upper right", () => {
    const { value, dots } = columnsOf(points, PAPER);
    expect(value).toBe("20,110 170,66 320,22");
    expect(dots.map(({ reached }) => reached)).toEqual([0, 50, 100]);
  });
  it("draws the bound at or above the value, and says whether it is above", () => {
    const { bound, hasRoom } = columnsOf(points, PAPER);
    expect(bound.split(" ")[1]).toBe("170,44");
    expect(hasRoom).toBe(true);
    expect(columnsOf([{ p: 1, value: 5, bound: 5 }], PAPER).hasRoom).toBe(false);
  });
  it("puts a number where its point is", () => {
    const { across, up, dots } = columnsOf(points, PAPER);
    expect(across.map(({ at }) => at)).toEqual(dots.map(({ x }) => x));
    expect(up.find(({ value }) => value === 100)?.at).toBe(dots[2]?.y);
    expect(up[0]).toEqual({ at: 110, value: 0 });
  });
  it("begins near the least, so that a small rise is seen", () => {
    const { up, dots } = columnsOf([{ p: 0, value: 379, bound: 379 }, { p: 1, value: 393, bound: 393 }], PAPER);
    expect(up[0]?.value).toBe(375);
    expect((dots[0]?.y ?? 0) - (dots[1]?.y ?? 0)).toBeGreaterThan(50);
  });
  it("stays on the paper where there is nothing to reach", () => {
    const { value, up } = columnsOf([{ p: 0, value: 0, bound: 0 }], PAPER);
    expect(value).toBe("20,110");
    expect(up).toEqual([{ at: 110, value: 0 }]);
  });
});

describe("stepsOf", () => {
  const point = (p: number, value: number) => ({ p, value, bound: value });
  it("says what each station more adds", () => {
    expect(stepsOf([point(0, 379), point(1, 388), point(2, 393)])).toEqual([9, 5]);
  });
  it("says nothing where numbers of stations are left out", () => {
    expect(stepsOf([point(0, 0), point(2, 5)])).toBeNull();
  });
});

describe("ticksOf", () => {
  it.each([
    [0, 0, [0]], [0, 3, [0, 1, 2, 3]], [0, 7, [0, 2, 4, 6, 8]], [0, 25, [0, 5, 10, 15, 20, 25]], [0, 297, [0, 100, 200, 300]],
    [0, 12_345, [0, 5000, 10_000, 15_000]], [379, 393, [375, 380, 385, 390, 395]], [12, 12, [12]],
  ])("gives %i to %i few round numbers around them", (least, most, ticks) => {
    expect(ticksOf(least, most)).toEqual(ticks);
  });
});

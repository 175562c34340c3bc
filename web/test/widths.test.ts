import { describe, expect, it } from "vitest";
import { spread } from "../src/parts/widths";

const sum = (widths: number[]): number => widths.reduce((total, width) => total + width, 0);

describe("spread", () => {
  it("shares the rest when every column fits", () => {
    const widths = spread([80, 90, 100], 400);
    expect(sum(widths)).toBe(400);
    expect(widths.every((width, at) => width >= [80, 90, 100][at]!)).toBe(true);
  });
  it("fills the window with whole columns when not all fit", () => {
    const widths = spread([80, 90, 100, 100], 300);
    expect(sum(widths.slice(0, 3))).toBe(300);
    expect(widths[3]).toBe(100);
  });
  it("never goes below the least width, though nothing fits", () => {
    expect(spread([200, 90], 150)).toEqual([200, 90]);
  });
});

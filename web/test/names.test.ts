import { describe, expect, it } from "vitest";
import { mostNames, placeNames, shorten, type Circle, type Name } from "../src/views/network/names";

const LINE = 16;
const sheet = { width: 800, height: 600, line: LINE, kept: [{ left: 740, top: 10, right: 790, bottom: 120 }] };

/** Numbers from 0 to 1, the same at each run. */
function drawing(): () => number {
  let state = 7;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

function crowd(size: number): { circles: Circle[]; names: Name[] } {
  const draw = drawing();
  const circles = Array.from({ length: size }, () => ({ x: 800 * draw(), y: 600 * draw(), radius: 3 + 12 * draw() }));
  circles.sort((one, other) => other.radius - one.radius);
  return { circles, names: circles.map((_, circle) => ({ circle, width: 20 + 100 * draw() })) };
}

describe("names in the picture", () => {
  it.each([5, 60, 2000])("don't lie on each other, on buttons or outside: %d circles", (size) => {
    const { circles, names } = crowd(size);
    const boxes = placeNames(names, circles, sheet).map(({ circle, x, y }) => ({ left: x, top: y - LINE / 2, right: x + (names[circle]?.width ?? 0), bottom: y + LINE / 2 }));
    expect(boxes.length).toBeGreaterThan(0);
    expect(boxes.length).toBeLessThanOrEqual(mostNames(800, 600));
    boxes.forEach((box, at) => {
      expect(Math.min(box.left, box.top, 800 - box.right, 600 - box.bottom)).toBeGreaterThanOrEqual(0);
      for (const other of [...boxes.slice(at + 1), ...sheet.kept]) {
        expect(box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom).toBe(false);
      }
    });
  });

  it("come to those who must have one, over whatever is there", () => {
    const circles = [{ x: 400, y: 300, radius: 5 }, ...Array.from({ length: 40 }, (_, at) => ({ x: 330 + 20 * (at % 8), y: 250 + 20 * Math.floor(at / 8), radius: 9 }))];
    expect(placeNames([{ circle: 0, width: 60 }], circles, sheet)).toEqual([]);
    expect(placeNames([{ circle: 0, width: 60, must: true }], circles, sheet)).toHaveLength(1);
    expect(placeNames([{ circle: 0, width: 60 }], [{ x: 900, y: 300, radius: 5 }], sheet)).toEqual([]);
  });

  it("stand right of a circle unless there is a better place", () => {
    expect(placeNames([{ circle: 0, width: 60 }], [{ x: 400, y: 300, radius: 5 }], sheet)[0]).toMatchObject({ x: 410, y: 300 });
    expect(placeNames([{ circle: 0, width: 60 }], [{ x: 780, y: 300, radius: 5 }], sheet)[0]?.x).toBeLessThan(720);
  });

  it("are cut in the middle when they are long", () => {
    const measure = (text: string): number => 12 * [...text].length;
    expect(shorten("梧桐", 96, measure)).toBe("梧桐");
    const cut = shorten("示例建设工程公司离退休党支部", 96, measure);
    expect(measure(cut)).toBeLessThanOrEqual(96);
    expect(cut).toMatch(/^示例建.*….*支部$/u);
    expect(shorten("示例建设", 13, measure)).toBe("示…");
  });
});

/* Where names stand beside the circles of the picture; nothing here draws. */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Circle {
  x: number;
  y: number;
  radius: number;
}

/** A name to be written: the row of its circle, and how wide it is. */
export interface Name {
  circle: number;
  width: number;
  /** Written even over circles as large as its own. */
  must?: boolean;
}

export interface Placed {
  circle: number;
  /** The left end and the middle of the line. */
  x: number;
  y: number;
}

interface Sheet {
  width: number;
  height: number;
  /** Of a line of letters. */
  line: number;
  /** Where no name may stand: buttons over the picture. */
  kept: readonly Box[];
}

const CELL_PX = 64;
const GAP_PX = 5;
const APART_PX = 4;
const AREA_PX = 110 ** 2;
/** A name may lie on circles of so much of its own circle's radius. */
const SMALLER = 0.6;

/** How many names a picture of this size takes. */
export const mostNames = (width: number, height: number): number => Math.max(3, Math.round((width * height) / AREA_PX));

/** A name no wider than so many pixels: its beginning and end, since many begin alike. */
export function shorten(name: string, most: number, measure: (text: string) => number): string {
  if (measure(name) <= most) return name;
  const signs = [...name];
  for (let kept = signs.length - 1; kept > 1; kept -= 1) {
    const tail = Math.floor(kept * 0.4);
    const text = `${signs.slice(0, kept - tail).join("").trimEnd()}…${tail > 0 ? signs.slice(-tail).join("").trimStart() : ""}`;
    if (measure(text) <= most) return text;
  }
  return `${signs[0] ?? ""}…`;
}

const touch = (one: Box, other: Box): boolean => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** Things by the squares of the sheet that they touch. */
class Squares {
  private readonly held = new Map<number, number[]>();

  add(number: number, box: Box): void {
    for (const key of this.keysOf(box)) {
      const known = this.held.get(key);
      if (known) known.push(number);
      else this.held.set(key, [number]);
    }
  }

  near(box: Box): Set<number> {
    const found = new Set<number>();
    for (const key of this.keysOf(box)) for (const number of this.held.get(key) ?? []) found.add(number);
    return found;
  }

  private *keysOf({ left, top, right, bottom }: Box): Generator<number> {
    for (let row = Math.floor(top / CELL_PX); row <= Math.floor(bottom / CELL_PX); row += 1) {
      for (let column = Math.floor(left / CELL_PX); column <= Math.floor(right / CELL_PX); column += 1) yield row * 100_000 + column;
    }
  }
}

const around = ({ x, y, radius }: Circle): Box => ({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius });

/** Right of the circle, left, below, above: in this order if nothing else decides. */
function placesFor({ x, y, radius }: Circle, width: number, line: number): Placed[] {
  const off = radius + GAP_PX;
  return [
    { circle: 0, x: x + off, y },
    { circle: 0, x: x - off - width, y },
    { circle: 0, x: x - width / 2, y: y + radius + line / 2 },
    { circle: 0, x: x - width / 2, y: y - radius - line / 2 },
  ];
}

/** Names in the order in which they are wanted, each at the place where it covers fewest circles; none on another. */
export function placeNames(names: Iterable<Name>, circles: readonly Circle[], { width, height, line, kept }: Sheet): Placed[] {
  const squares = new Squares();
  circles.forEach((circle, number) => squares.add(number, around(circle)));
  const taken: Box[] = [...kept];
  const written = new Squares();
  kept.forEach((box, number) => written.add(number, box));
  const placed: Placed[] = [];
  const most = mostNames(width, height);
  for (const name of names) {
    if (placed.length >= most && !name.must) break;
    const own = circles[name.circle];
    if (!own || own.x < 0 || own.y < 0 || own.x > width || own.y > height) continue;
    let best: { at: Placed; box: Box } | null = null;
    let fewest = Infinity;
    for (const at of placesFor(own, name.width, line)) {
      const box = { left: at.x - APART_PX, top: at.y - line / 2, right: at.x + name.width + APART_PX, bottom: at.y + line / 2 };
      if (box.left < 0 || box.top < 0 || box.right > width || box.bottom > height) continue;
      if ([...written.near(box)].some((number) => touch(box, taken[number] as Box))) continue;
      const covered = [...squares.near(box)].filter((number) => number !== name.circle && touch(box, around(circles[number] as Circle)));
      if (!name.must && covered.some((number) => (circles[number] as Circle).radius > SMALLER * own.radius)) continue;
      if (covered.length >= fewest) continue;
      fewest = covered.length;
      best = { at, box };
    }
    if (!best) continue;
    placed.push({ ...best.at, circle: name.circle });
    written.add(taken.push(best.box) - 1, best.box);
  }
  return placed;
}

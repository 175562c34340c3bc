/* Where the points, the axes and their numbers of a coverage curve lie on the drawing. */

export interface Point {
  p: number;
  value: number;
  bound: number;
}

export interface Paper {
  width: number;
  height: number;
  /** Room for the numbers and names of the axes. */
  left: number;
  bottom: number;
}

interface Tick {
  /** From the left, or from the top. */
  at: number;
  value: number;
}

export interface Drawn {
  /** As an SVG polyline takes them. */
  value: string;
  bound: string;
  dots: { x: number; y: number; p: number; reached: number; bound: number }[];
  across: Tick[];
  up: Tick[];
  /** Whether the bound is above what is reached anywhere; else they are one line. */
  hasRoom: boolean;
}

const EDGE = 10;
/** Room above for the name of the axis. */
const TOP = 22;
const MOST_TICKS = 5;

/** Round numbers from 0 to the most there is, in steps of 1, 2 or 5 times a power of ten. */
export function ticksOf(most: number): number[] {
  let step = 1;
  for (let at = 0; most / step > MOST_TICKS; at += 1) step *= at % 3 === 1 ? 2.5 : 2;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, at) => at * step);
}

/** Points on paper: `p` to the right, what is reached of the total upward, both from 0 on. */
export function columnsOf(points: readonly Point[], total: number, { width, height, left, bottom }: Paper): Drawn {
  const last = Math.max(1, ...points.map(({ p }) => p));
  const round = (length: number): number => Math.round(length * 10) / 10;
  const x = (p: number): number => round(left + (p / last) * (width - left - EDGE));
  const y = (reached: number): number => round(height - bottom - (total > 0 ? Math.min(reached, total) / total : 0) * (height - bottom - TOP));
  const line = (of: (point: Point) => number): string => points.map((point) => `${x(point.p)},${y(of(point))}`).join(" ");
  return {
    value: line((point) => point.value),
    bound: line((point) => point.bound),
    dots: points.map((point) => ({ x: x(point.p), y: y(point.value), p: point.p, reached: point.value, bound: point.bound })),
    across: points.map(({ p }) => ({ at: x(p), value: p })),
    up: ticksOf(total).map((value) => ({ at: y(value), value })),
    hasRoom: points.some(({ value, bound }) => bound > value),
  };
}

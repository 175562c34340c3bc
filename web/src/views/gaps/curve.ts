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

/** Round numbers from at or below the least to at or above the most, in steps of 1, 2 or 5 times a power of ten. */
export function ticksOf(least: number, most: number): number[] {
  let step = 1;
  for (let at = 0; (most - least) / step > MOST_TICKS; at += 1) step *= at % 3 === 1 ? 2.5 : 2;
  const first = Math.floor(least / step);
  return Array.from({ length: Math.ceil(most / step) - first + 1 }, (_, at) => (first + at) * step);
}

/** What each station more adds to the best of one fewer; null where numbers of stations are left out. */
export function stepsOf(points: readonly Point[]): number[] | null {
  if (points.some(({ p }, at) => p !== at)) return null;
  return points.slice(1).map(({ value }, at) => value - (points[at]?.value ?? 0));
}

/** Points on paper: `p` to the right from 0 on, what is reached upward from a round number near the least of it. */
export function columnsOf(points: readonly Point[], { width, height, left, bottom }: Paper): Drawn {
  const last = Math.max(1, ...points.map(({ p }) => p));
  const round = (length: number): number => Math.round(length * 10) / 10;
  const x = (p: number): number => round(left + (p / last) * (width - left - EDGE));
  const ticks = ticksOf(Math.min(...points.map(({ value }) => value)), Math.max(...points.map(({ bound }) => bound)));
  const floor = ticks[0] ?? 0;
  const span = (ticks.at(-1) ?? 0) - floor;
  const y = (reached: number): number => round(height - bottom - (span > 0 ? (reached - floor) / span : 0) * (height - bottom - TOP));
  const line = (of: (point: Point) => number): string => points.map((point) => `${x(point.p)},${y(of(point))}`).join(" ");
  return {
    value: line((point) => point.value),
    bound: line((point) => point.bound),
    dots: points.map((point) => ({ x: x(point.p), y: y(point.value), p: point.p, reached: point.value, bound: point.bound })),
    across: points.map(({ p }) => ({ at: x(p), value: p })),
    up: ticks.map((value) => ({ at: y(value), value })),
    hasRoom: points.some(({ value, bound }) => bound > value),
  };
}

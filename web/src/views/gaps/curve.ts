/* Where the points of a coverage curve lie on the drawing. */

export interface Point {
  p: number;
  value: number;
  bound: number;
}

export interface Drawn {
  /** As an SVG polyline takes them. */
  value: string;
  bound: string;
  dots: { x: number; y: number; p: number; reached: number }[];
}

const EDGE = 6;

/** Points of a drawing of some size: `p` to the right, what is reached of the total upward. */
export function columnsOf(points: readonly Point[], total: number, width: number, height: number): Drawn {
  const last = Math.max(1, ...points.map(({ p }) => p));
  const x = (p: number): number => Math.round((EDGE + (p / last) * (width - 2 * EDGE)) * 10) / 10;
  const y = (reached: number): number => Math.round((height - EDGE - (total > 0 ? Math.min(reached, total) / total : 0) * (height - 2 * EDGE)) * 10) / 10;
  const line = (of: (point: Point) => number): string => points.map((point) => `${x(point.p)},${y(of(point))}`).join(" ");
  return {
    value: line((point) => point.value),
    bound: line((point) => point.bound),
    dots: points.map(({ p, value }) => ({ x: x(p), y: y(value), p, reached: value })),
  };
}

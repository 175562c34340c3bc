/* The patterns of the reasons and the signs of the map, drawn by ourselves on canvases. */

export type Pen = CanvasRenderingContext2D;

/** Colours of the theme that is drawn, read from the tokens. */
export interface Ink {
  bg: string;
  surface: string;
  text: string;
  text2: string;
  line: string;
  control: string;
  accent: string;
  selected: string;
  danger: string;
  ok: string;
  font: string;
  scale: string[];
  reasons: Record<string, string>;
}

const TOKENS = ["bg", "surface", "text", "text2", "line", "control", "accent", "selected", "danger", "ok", "font"] as const;
const STEP = 6;

export function readInk(reasons: readonly string[]): Ink {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const plain = Object.fromEntries(TOKENS.map((name) => [name, token(name)])) as Record<(typeof TOKENS)[number], string>;
  return {
    ...plain,
    scale: [1, 2, 3, 4, 5].map((step) => token(`seq-${step}`)),
    reasons: Object.fromEntries(reasons.map((reason) => [reason, token(reason)])),
  };
}

/** Fills the path that is set with the pattern of a reason on the surface's colour. */
export function fillPattern(pen: Pen, reason: string, ink: Ink, size: number): void {
  pen.save();
  pen.clip();
  pen.fillStyle = ink.surface;
  pen.fillRect(0, 0, size, size);
  pen.fillStyle = pen.strokeStyle = ink.reasons[reason] ?? ink.text2;
  pen.lineWidth = 2;
  const draw = PATTERNS[reason] ?? PATTERNS["no_capacity"];
  draw?.(pen, size);
  pen.restore();
}

function lines(pen: Pen, from: number, to: number, line: (at: number) => [number, number, number, number]): void {
  pen.beginPath();
  for (let at = from; at <= to; at += STEP) {
    const [x1, y1, x2, y2] = line(at);
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  }
  pen.stroke();
}

const rising = (pen: Pen, size: number): void => lines(pen, 0, 2 * size, (at) => [at, 0, at - size, size]);
const falling = (pen: Pen, size: number): void => lines(pen, -size, size, (at) => [at, 0, at + size, size]);

const PATTERNS: Record<string, (pen: Pen, size: number) => void> = {
  no_capacity: (pen, size) => pen.fillRect(0, 0, size, size),
  out_of_reach: rising,
  refused: falling,
  no_capable_unit: (pen, size) => {
    rising(pen, size);
    falling(pen, size);
  },
  wrong_time: (pen, size) => lines(pen, 2, size, (at) => [at, 0, at, size]),
  held_by_rule: (pen, size) => lines(pen, 2, size, (at) => [0, at, size, at]),
  unknown_place: (pen, size) => {
    for (let y = 2; y <= size; y += STEP) {
      for (let x = 2; x <= size; x += STEP) {
        pen.beginPath();
        pen.arc(x, y, 1.6, 0, 2 * Math.PI);
        pen.fill();
      }
    }
  },
};

/** What a circle on the map says. */
export interface CircleSign {
  /** The main reason of what is unmatched; empty: nothing is. */
  reason: string;
  radius: number;
  /** The point is approximate: a ring in place of a disc. */
  hollow: boolean;
  count: number;
  selected: boolean;
}

/** A sign's name, which says all that it is drawn from. */
export const circleName = (sign: CircleSign): string =>
  ["circle", sign.reason, sign.radius, sign.hollow ? 1 : 0, sign.count, sign.selected ? 1 : 0].join("|");

export function readCircle(name: string): CircleSign | null {
  const [kind, reason, radius, hollow, count, selected] = name.split("|");
  if (kind !== "circle" || reason === undefined) return null;
  return { reason, radius: Number(radius), hollow: hollow === "1", count: Number(count), selected: selected === "1" };
}

export interface UnitSign {
  hollow: boolean;
  selected: boolean;
  /** Whether the round gives it something to do. */
  busy: boolean;
}

export const unitName = (sign: UnitSign): string => ["unit", sign.hollow ? 1 : 0, sign.selected ? 1 : 0, sign.busy ? 1 : 0].join("|");

export function readUnit(name: string): UnitSign | null {
  const [kind, hollow, selected, busy] = name.split("|");
  return kind === "unit" ? { hollow: hollow === "1", selected: selected === "1", busy: busy === "1" } : null;
}

const EDGE = 5;
/** Pixels of a canvas for each of the page, so that signs are sharp on fine screens. */
export const SHARPNESS = 2;

function onCanvas(size: number, draw: (pen: Pen) => void): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.ceil(size * SHARPNESS);
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.scale(SHARPNESS, SHARPNESS);
    draw(pen);
  }
  return canvas;
}

function circle(pen: Pen, middle: number, radius: number): void {
  pen.beginPath();
  pen.arc(middle, middle, radius, 0, 2 * Math.PI);
}

/** A circle with its pattern and, on a plain ground, its number. */
export function drawCircle(sign: CircleSign, ink: Ink): HTMLCanvasElement {
  const size = 2 * (sign.radius + EDGE);
  return onCanvas(size, (pen) => {
    const middle = size / 2;
    circle(pen, middle, sign.radius);
    if (sign.reason) fillPattern(pen, sign.reason, ink, size);
    else {
      pen.fillStyle = ink.surface;
      pen.fill();
    }
    const text = String(sign.count);
    pen.font = `600 ${sign.radius > 20 ? 14 : 12}px ${ink.font}`;
    const half = Math.max(pen.measureText(text).width / 2 + 2, 7);
    if (sign.reason) {
      circle(pen, middle, sign.hollow ? Math.max(half, sign.radius * 0.58) : half);
      pen.fillStyle = ink.surface;
      pen.fill();
    }
    pen.lineWidth = sign.reason ? 1.5 : 1;
    pen.strokeStyle = sign.reason ? (ink.reasons[sign.reason] ?? ink.text) : ink.control;
    pen.setLineDash(sign.hollow ? [4, 2] : []);
    circle(pen, middle, sign.radius);
    pen.stroke();
    if (sign.selected) {
      pen.setLineDash([]);
      pen.lineWidth = 3;
      pen.strokeStyle = ink.accent;
      circle(pen, middle, sign.radius + 3);
      pen.stroke();
    }
    pen.fillStyle = sign.count > 0 ? ink.text : ink.text2;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, middle, middle + 0.5);
  });
}

export function drawUnit(sign: UnitSign, ink: Ink): HTMLCanvasElement {
  const side = sign.selected ? 13 : 9;
  const size = side + 2 * EDGE;
  return onCanvas(size, (pen) => {
    pen.beginPath();
    pen.rect(EDGE, EDGE, side, side);
    pen.fillStyle = sign.busy && !sign.hollow ? ink.text2 : ink.surface;
    pen.fill();
    pen.lineWidth = sign.selected ? 3 : 1.5;
    pen.strokeStyle = sign.selected ? ink.accent : ink.text2;
    pen.setLineDash(sign.hollow ? [3, 2] : []);
    pen.stroke();
    if (sign.busy && sign.hollow) {
      pen.beginPath();
      pen.rect(EDGE + 3, EDGE + 3, side - 6, side - 6);
      pen.fillStyle = ink.text2;
      pen.fill();
    }
  });
}

/** A rectangle with the pattern of a reason, for the legend. */
export function drawSwatch(canvas: HTMLCanvasElement, reason: string, ink: Ink, side: number): void {
  canvas.width = canvas.height = side * SHARPNESS;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.scale(SHARPNESS, SHARPNESS);
  pen.beginPath();
  pen.rect(0, 0, side, side);
  fillPattern(pen, reason, ink, side);
  pen.strokeStyle = ink.reasons[reason] ?? ink.text;
  pen.lineWidth = 1;
  pen.strokeRect(0.5, 0.5, side - 1, side - 1);
}

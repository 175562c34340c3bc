import Graph from "graphology";
import Sigma from "sigma";
import type { NodeDisplayData, PartialButFor } from "sigma/types";
import { placeNames, shorten, type Box, type Circle, type Name } from "./names";

interface NodeLook {
  x: number;
  y: number;
  size: number;
  label: string;
  color: string;
}

/** What is drawn: parties and ties by row, as numbers and texts alone. */
export interface Drawn {
  nodes: NodeLook[];
  ties: [number, number, number][];
}

export interface Ink {
  bg: string;
  surface: string;
  text: string;
  line: string;
  control: string;
  accent: string;
  font: string;
  /** Of the groups, the largest first. */
  groups: string[];
}

const TOKENS = ["bg", "surface", "text", "line", "control", "accent", "font"] as const;

/** Colours of the theme that is drawn, read from the tokens. */
export function readInk(groups: number): Ink {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const plain = Object.fromEntries(TOKENS.map((name) => [name, token(name)])) as Omit<Ink, "groups">;
  return { ...plain, groups: Array.from({ length: groups }, (_, at) => token(`group-${at + 1}`)) };
}

interface EngineOptions {
  element: HTMLElement;
  /** Over the picture: no name goes under them. */
  buttons: HTMLElement | null;
  onChoose: (row: number | null) => void;
}

type Named = PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">;

const NAME_PX = 12;
const LINE_PX = 16;
/** Smaller circles have no name of their own until one comes nearer. */
const NAMED_FROM_PX = 6;
const WIDEST_PX = 120;
/** On a narrow screen a name takes this share of the width at most. */
const WIDEST_SHARE = 0.26;
const PLATE_PX = 6;
const BESIDE_PX = 4;
const ZOOM = 1.5;
const MOST_TIE_PX = 3;
/** With more ties than this they come back when the picture rests: machines that draw by software stay quick. */
const MANY_TIES = 2000;
const TIE_INK = 0.6;
/** Who has more partners than this is shown without their names: they would hide each other. */
const MOST_NAMES = 10;

/** The colour of ties: between that of controls and the background, so that many of them stay quiet. */
function tieColour({ control, bg }: Ink): string {
  const mix = (at: number): number => Math.round(TIE_INK * part(control, at) + (1 - TIE_INK) * part(bg, at));
  return `rgb(${[1, 3, 5].map(mix).join(",")})`;
}

const part = (colour: string, at: number): number => Number.parseInt(colour.slice(at, at + 2), 16);

/** Whether this machine draws with WebGL at all. */
export function canDraw(): boolean {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("webgl2");
  pen?.getExtension("WEBGL_lose_context")?.loseContext();
  return pen !== null;
}

/** The drawing itself; knows nothing of the page but what it is given. */
export class Engine {
  private readonly graph = new Graph<NodeLook>({ type: "undirected" });
  private readonly sheet: Sigma<NodeLook>;
  private ink: Ink;
  private tieInk: string;
  private readonly buttons: HTMLElement | null;
  /** Panels and texts beside the picture change its size without the window's. */
  private readonly sizes = new ResizeObserver(() => this.sheet.scheduleRefresh());
  private selected: string | null = null;
  private hovered: string | null = null;
  /** Nodes by size, the largest first: who gets a name before whom. */
  private ranked: string[] = [];
  /** Names as they are written, and their widths. */
  private readonly short = new Map<string, { text: string; width: number }>();

  constructor({ element, buttons, onChoose }: EngineOptions, ink: Ink) {
    this.ink = ink;
    this.buttons = buttons;
    this.tieInk = tieColour(ink);
    this.sheet = new Sigma<NodeLook>(this.graph, element, {
      renderEdgeLabels: false,
      zIndex: true,
      // Written by `writeNames`, where they don't lie on each other.
      renderLabels: false,
      stagePadding: 24,
      minCameraRatio: 0.02,
      maxCameraRatio: 4,
      // A picture that is hidden just now comes back with its size.
      allowInvalidContainer: true,
      defaultDrawNodeHover: (pen, node) => this.point(pen, node),
      nodeReducer: (node, look) => this.lookOf(node, look),
      edgeReducer: (tie, look) => this.tieLookOf(tie, look),
    });
    this.sizes.observe(element);
    this.sheet.on("afterRender", () => this.writeNames());
    this.sheet.on("resize", () => this.short.clear());
    this.sheet.on("clickNode", ({ node }) => onChoose(Number(node)));
    this.sheet.on("clickStage", () => onChoose(null));
    const hover = (node: string | null): void => {
      this.hovered = node;
      element.style.cursor = node === null ? "" : "pointer";
    };
    this.sheet.on("enterNode", ({ node }) => hover(node));
    this.sheet.on("leaveNode", () => hover(null));
  }

  show({ nodes, ties }: Drawn): void {
    this.graph.clear();
    this.sheet.setSetting("hideEdgesOnMove", ties.length > MANY_TIES);
    nodes.forEach((node, row) => this.graph.addNode(String(row), node));
    this.rank(nodes);
    const most = Math.max(1, ...ties.map(([, , weight]) => weight));
    for (const [one, other, weight] of ties) {
      this.graph.addEdge(String(one), String(other), { size: 1 + ((MOST_TIE_PX - 1) * Math.log1p(weight - 1)) / Math.max(1, Math.log1p(most - 1)) });
    }
    this.sheet.refresh();
  }

  /** New sizes, colours and names for the same parties and ties. */
  dress(nodes: Drawn["nodes"], ink: Ink): void {
    this.ink = ink;
    this.tieInk = tieColour(ink);
    this.rank(nodes);
    nodes.forEach((node, row) => this.graph.mergeNodeAttributes(String(row), node));
    this.sheet.refresh();
  }

  select(row: number | null): void {
    this.selected = row === null ? null : String(row);
    this.sheet.refresh({ skipIndexation: true });
    if (this.selected === null || !this.graph.hasNode(this.selected)) return;
    const place = this.sheet.getNodeDisplayData(this.selected);
    if (!place) return;
    const { width, height } = this.sheet.getDimensions();
    const { x, y } = this.sheet.framedGraphToViewport(place);
    // Whoever is outside the picture is brought to its middle.
    if (x < 0 || y < 0 || x > width || y > height) this.sheet.getCamera().setState({ x: place.x, y: place.y });
  }

  zoom(by: number): void {
    const camera = this.sheet.getCamera();
    camera.setState({ ratio: camera.getBoundedRatio(camera.ratio / ZOOM ** by) });
  }

  fit(): void {
    this.sheet.getCamera().setState({ x: 0.5, y: 0.5, ratio: 1, angle: 0 });
  }

  destroy(): void {
    this.sizes.disconnect();
    this.sheet.kill();
  }

  private isNear(node: string): boolean {
    return node === this.selected || this.graph.areNeighbors(node, this.selected);
  }

  private lookOf(node: string, look: NodeLook): Partial<NodeDisplayData> {
    if (this.selected === null || !this.graph.hasNode(this.selected)) return look;
    if (node === this.selected) return { ...look, highlighted: true, forceLabel: true, zIndex: 2 };
    if (this.isNear(node)) return { ...look, forceLabel: this.graph.degree(this.selected) <= MOST_NAMES, zIndex: 1 };
    return { ...look, color: this.ink.line, label: null, zIndex: 0 };
  }

  private tieLookOf(tie: string, look: { size?: number }): Partial<{ size: number; color: string; zIndex: number }> {
    const isOwn = this.selected !== null && this.graph.hasExtremity(tie, this.selected);
    return { ...look, color: isOwn ? this.ink.accent : this.tieInk, zIndex: isOwn ? 1 : 0, size: (look.size ?? 1) + (isOwn ? 1 : 0) };
  }

  private rank(nodes: Drawn["nodes"]): void {
    const size = (node: string): number => nodes[Number(node)]?.size ?? 0;
    this.ranked = nodes.map((_, row) => String(row)).sort((one, other) => size(other) - size(one) || Number(one) - Number(other));
    this.short.clear();
  }

  /** Names beside their circles, the selected party's and its partners' first, then by size. */
  private writeNames(): void {
    const pen = this.sheet.getCanvases()["labels"]?.getContext("2d");
    if (!pen) return;
    const { width, height } = this.sheet.getDimensions();
    this.letter(pen);
    const circles: Circle[] = [];
    const seen: string[] = [];
    const first: Name[] = [];
    const further: Name[] = [];
    for (const node of this.ranked) {
      const look = this.sheet.getNodeDisplayData(node);
      if (!look) continue;
      const radius = this.sheet.scaleSize(look.size);
      const { x, y } = this.sheet.framedGraphToViewport(look);
      if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
      const circle = circles.push({ x, y, radius }) - 1;
      seen.push(look.label ?? "");
      if (!look.label || !(look.forceLabel || radius >= NAMED_FROM_PX)) continue;
      const name = { circle, width: this.shortened(look.label, Math.min(WIDEST_PX, WIDEST_SHARE * width)).width, must: look.forceLabel };
      if (node === this.selected) first.unshift(name);
      else (look.forceLabel ? first : further).push(name);
    }
    const sheet = { width, height, line: LINE_PX, kept: this.kept() };
    for (const { circle, x, y } of placeNames([...first, ...further], circles, sheet)) {
      const label = seen[circle] ?? "";
      this.write(pen, this.short.get(label)?.text ?? label, x, y);
    }
  }

  private shortened(label: string, most: number): { text: string; width: number } {
    const known = this.short.get(label);
    if (known && known.width <= most) return known;
    const pen = this.sheet.getCanvases()["labels"]?.getContext("2d");
    const measure = (text: string): number => pen?.measureText(text).width ?? 0;
    const text = shorten(label, most, measure);
    const made = { text, width: measure(text) };
    this.short.set(label, made);
    return made;
  }

  private kept(): Box[] {
    if (!this.buttons) return [];
    const { offsetLeft: left, offsetTop: top, offsetWidth, offsetHeight } = this.buttons;
    return [{ left, top, right: left + offsetWidth, bottom: top + offsetHeight }];
  }

  private letter(pen: CanvasRenderingContext2D): void {
    pen.font = `${NAME_PX}px ${this.ink.font}`;
    pen.textBaseline = "middle";
  }

  /** Letters with an edge of the background, so that ties don't cross them. */
  private write(pen: CanvasRenderingContext2D, text: string, x: number, y: number): void {
    pen.lineJoin = "round";
    pen.lineWidth = 3;
    pen.strokeStyle = this.ink.bg;
    pen.strokeText(text, x, y);
    pen.fillStyle = this.ink.text;
    pen.fillText(text, x, y);
  }

  /** A ring around whoever is pointed at or selected; the whole name on a plate for whom the pointer is on. */
  private point(pen: CanvasRenderingContext2D, node: Named & { key?: string }): void {
    pen.beginPath();
    pen.arc(node.x, node.y, node.size + 3, 0, 2 * Math.PI);
    pen.lineWidth = 3;
    pen.strokeStyle = this.ink.accent;
    pen.stroke();
    if (node.key !== this.hovered) return;
    const label = this.graph.getNodeAttribute(this.hovered, "label");
    this.letter(pen);
    const width = pen.measureText(label).width + 2 * PLATE_PX;
    const right = node.x + node.size + BESIDE_PX;
    const left = right + width <= this.sheet.getDimensions().width ? right : Math.max(0, node.x - node.size - BESIDE_PX - width);
    pen.fillStyle = this.ink.surface;
    pen.strokeStyle = this.ink.control;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.roundRect(left, node.y - LINE_PX, width, 2 * LINE_PX, 4);
    pen.fill();
    pen.stroke();
    pen.fillStyle = this.ink.text;
    pen.fillText(label, left + PLATE_PX, node.y);
  }
}

import Graph from "graphology";
import Sigma from "sigma";
import type { NodeDisplayData, PartialButFor } from "sigma/types";

/** What is drawn: parties and ties by row, as numbers and texts alone. */
export interface Drawn {
  nodes: { x: number; y: number; size: number; label: string; colour: string }[];
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
  onChoose: (row: number | null) => void;
}

interface NodeLook {
  x: number;
  y: number;
  size: number;
  label: string;
  color: string;
}

interface Lettering {
  labelSize: number;
  labelFont: string;
}

type Named = PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">;

const LABEL_PX = 12;
const LABEL_FROM_PX = 6;
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
  private selected: string | null = null;

  constructor({ element, onChoose }: EngineOptions, ink: Ink) {
    this.ink = ink;
    this.tieInk = tieColour(ink);
    this.sheet = new Sigma<NodeLook>(this.graph, element, {
      renderEdgeLabels: false,
      zIndex: true,
      labelSize: LABEL_PX,
      labelRenderedSizeThreshold: LABEL_FROM_PX,
      labelFont: ink.font,
      stagePadding: 24,
      minCameraRatio: 0.02,
      maxCameraRatio: 4,
      // A picture that is hidden just now comes back with its size.
      allowInvalidContainer: true,
      defaultDrawNodeLabel: (pen, node, settings) => this.write(pen, node, settings),
      defaultDrawNodeHover: (pen, node, settings) => this.point(pen, node, settings),
      nodeReducer: (node, look) => this.lookOf(node, look),
      edgeReducer: (tie, look) => this.tieLookOf(tie, look),
    });
    this.sheet.on("clickNode", ({ node }) => onChoose(Number(node)));
    this.sheet.on("clickStage", () => onChoose(null));
    this.sheet.on("enterNode", () => (element.style.cursor = "pointer"));
    this.sheet.on("leaveNode", () => (element.style.cursor = ""));
  }

  show({ nodes, ties }: Drawn): void {
    this.graph.clear();
    this.sheet.setSetting("hideEdgesOnMove", ties.length > MANY_TIES);
    nodes.forEach(({ x, y, size, label, colour }, row) => this.graph.addNode(String(row), { x, y, size, label, color: colour }));
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
    this.sheet.setSetting("labelFont", ink.font);
    nodes.forEach(({ size, label, colour }, row) => this.graph.mergeNodeAttributes(String(row), { size, label, color: colour }));
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

  /** A name beside its circle, with an edge of the background so that ties don't cross it. */
  private write(pen: CanvasRenderingContext2D, node: Named, settings: Lettering): void {
    if (!node.label) return;
    const at: [number, number] = [node.x + node.size + 3, node.y + settings.labelSize / 3];
    pen.font = `${settings.labelSize}px ${settings.labelFont}`;
    pen.lineJoin = "round";
    pen.lineWidth = 3;
    pen.strokeStyle = this.ink.bg;
    pen.strokeText(node.label, ...at);
    pen.fillStyle = this.ink.text;
    pen.fillText(node.label, ...at);
  }

  /** A ring around whoever is pointed at or selected, and the name whatever the size. */
  private point(pen: CanvasRenderingContext2D, node: Named, settings: Lettering): void {
    pen.beginPath();
    pen.arc(node.x, node.y, node.size + 3, 0, 2 * Math.PI);
    pen.lineWidth = 3;
    pen.strokeStyle = this.ink.accent;
    pen.stroke();
    this.write(pen, node, settings);
  }
}

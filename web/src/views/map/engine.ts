import "maplibre-gl/dist/maplibre-gl.css";
import { AttributionControl, Map as Sheet, ScaleControl, setWorkerUrl, type GeoJSONSource, type LayerSpecification, type MapMouseEvent, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Outlines } from "../../api/plans";
import { REASONS, t } from "../../words";
import { readGround } from "./ground";
import { drawCircle, drawUnit, readCircle, readInk, readUnit, SHARPNESS, type Ink } from "./patterns";
import { NAME_PX, type Features, type MapSize } from "./shapes";

setWorkerUrl(workerUrl);

export type View = [number, number, number];

export interface MapData {
  areas: Features;
  units: Features;
  lines: Features;
  /** Hexagons for a whole zoom. */
  hexes: (zoom: number) => Features;
  /** Whether circles would hide each other at a zoom, so that hexagons are drawn. */
  gathers: (zoom: number) => boolean;
  /** Known outlines, as the service gives them. */
  outlines: Outlines;
  selectedArea: string;
}

export interface Pointed {
  kind: "area" | "unit" | "hex";
  id: string;
  properties: Record<string, unknown>;
  x: number;
  y: number;
}

export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface EngineOptions {
  element: HTMLElement;
  view: View | null;
  bounds: [number, number, number, number] | null;
  pmtiles: string | null;
  /** Whether the wheel and one finger belong to the page that the map is part of. */
  isPart: boolean;
  /** On a small map names go before the signs of units. */
  size: MapSize;
  /** Room at each edge for what lies on the map: legend, buttons, scale. */
  padding: () => Padding;
  onView: (view: View) => void;
  onChoose: (pointed: Pointed | null) => void;
  onPoint: (pointed: Pointed | null) => void;
  /** Circles became hexagons, or the other way. */
  onGather: (isGathered: boolean) => void;
  onReady: () => void;
}

const EMPTY: Features = { type: "FeatureCollection", features: [] };
const CHOOSABLE = ["units", "areas", "hexes"];
const MOST_ZOOM = 18;

/** The map itself; knows nothing of the page but what it is given. */
export class Engine {
  private readonly map: Sheet;
  private data: MapData | null = null;
  private ink: Ink;
  private hexZoom = -1;
  private isGathered: boolean | null = null;
  private moving = false;
  private isFilled = false;

  constructor(private readonly options: EngineOptions) {
    this.ink = readInk(REASONS);
    const { view, bounds } = options;
    this.map = new Sheet({
      container: options.element,
      style: { version: 8, sources: {}, layers: [] },
      ...(view ? { zoom: view[0], center: [view[2], view[1]] } : bounds ? { bounds, fitBoundsOptions: { padding: options.padding(), maxZoom: 16 } } : { zoom: 3, center: [104, 35] }),
      maxZoom: MOST_ZOOM,
      maxPitch: 0,
      pitchWithRotate: false,
      dragRotate: false,
      attributionControl: false,
      cooperativeGestures: options.isPart,
      localIdeographFontFamily: this.ink.font,
      // Without it a picture of the page would show an empty map.
      canvasContextAttributes: { preserveDrawingBuffer: true },
      fadeDuration: 0,
      locale: {
        "Map.Title": t("page_map"),
        "CooperativeGesturesHandler.WindowsHelpText": t("map_wheel"),
        "CooperativeGesturesHandler.MacHelpText": t("map_wheel_mac"),
        "CooperativeGesturesHandler.MobileHelpText": t("map_fingers"),
        "AttributionControl.ToggleAttribution": t("map_source"),
        "ScaleControl.Meters": t("unit_metres"),
        "ScaleControl.Kilometers": t("unit_kilometres"),
      },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.setMissingStyleImageResolver((name) => this.addSign(name));
    this.map.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-left");
    if (options.pmtiles) this.map.addControl(new AttributionControl({ compact: true }), "bottom-right");
    this.follow();
  }

  private follow(): void {
    const { map, options } = this;
    map.on("style.load", () => {
      this.draw();
    });
    map.on("moveend", () => {
      this.drawPlaces();
      if (this.moving) {
        this.moving = false;
        return;
      }
      const { lng, lat } = map.getCenter();
      options.onView([map.getZoom(), lat, lng]);
    });
    map.on("click", (event) => {
      const pointed = this.at(event);
      if (pointed?.kind === "hex" && pointed.id === "") map.jumpTo({ center: event.lngLat, zoom: map.getZoom() + 1 });
      else options.onChoose(pointed?.kind === "hex" ? { ...pointed, kind: "area" } : pointed);
    });
    map.on("mousemove", (event) => {
      const pointed = this.at(event);
      map.getCanvas().style.cursor = pointed ? "pointer" : "";
      options.onPoint(pointed);
    });
    map.on("mouseout", () => options.onPoint(null));
    // A map is idle too while it has nothing to show yet.
    const look = (): void => {
      if (!this.isFilled) return;
      map.off("idle", look);
      options.onReady();
    };
    map.on("idle", look);
  }

  private at(event: MapMouseEvent): Pointed | null {
    const layers = CHOOSABLE.filter((layer) => this.map.getLayer(layer));
    const [feature] = this.map.queryRenderedFeatures(event.point, { layers });
    if (!feature) return null;
    const kind = feature.layer.id === "areas" ? "area" : feature.layer.id === "units" ? "unit" : "hex";
    return { kind, id: String(feature.properties["id"] ?? ""), properties: feature.properties, x: event.point.x, y: event.point.y };
  }

  private addSign(name: string): void {
    const circle = readCircle(name);
    const unit = readUnit(name);
    const canvas = circle ? drawCircle(circle, this.ink) : unit ? drawUnit(unit, this.ink) : null;
    const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height);
    if (pixels && !this.map.hasImage(name)) this.map.addImage(name, pixels, { pixelRatio: SHARPNESS });
  }

  /** Draws in the colours that hold now; called for the first time and whenever the theme changes. */
  async paint(): Promise<void> {
    this.ink = readInk(REASONS);
    const { ink } = this;
    const ground = await readGround(this.options.pmtiles, ink);
    const style: StyleSpecification = {
      version: 8,
      sources: {
        ...ground.sources,
        outlines: { type: "geojson", data: EMPTY },
        hexes: { type: "geojson", data: EMPTY },
        lines: { type: "geojson", data: EMPTY },
        units: { type: "geojson", data: EMPTY },
        areas: { type: "geojson", data: EMPTY },
      },
      layers: [{ id: "bg", type: "background", paint: { "background-color": ink.bg } }, ...ground.layers, ...ownLayers(ink, this.options.size)],
    };
    this.map.setStyle(style, { diff: false });
  }

  show(data: MapData): void {
    this.data = data;
    this.draw();
  }

  private draw(): void {
    const { data, map } = this;
    if (!data || !map.getSource("areas")) return;
    this.isFilled = true;
    this.set("outlines", data.outlines);
    this.set("lines", data.lines);
    map.setFilter("outline-selected", ["==", ["get", "id"], data.selectedArea]);
    this.hexZoom = -1;
    this.isGathered = null;
    this.drawPlaces();
  }

  /** Circles, or hexagons where circles would hide each other at this zoom. */
  private drawPlaces(): void {
    const { data, map } = this;
    if (!data || !map.getSource("areas")) return;
    const isGathered = data.gathers(map.getZoom());
    if (isGathered !== this.isGathered) {
      this.isGathered = isGathered;
      this.hexZoom = -1;
      this.set("units", isGathered ? EMPTY : data.units);
      this.set("areas", isGathered ? chosen(data) : data.areas);
      if (!isGathered) this.set("hexes", EMPTY);
      this.options.onGather(isGathered);
    }
    const zoom = Math.round(map.getZoom());
    if (!isGathered || zoom === this.hexZoom) return;
    this.hexZoom = zoom;
    this.set("hexes", data.hexes(zoom));
  }

  private set(source: string, data: Features | Outlines): void {
    (this.map.getSource(source) as GeoJSONSource | undefined)?.setData(data as Parameters<GeoJSONSource["setData"]>[0]);
  }

  /** Goes to a view that came from elsewhere, such as Back. */
  go([zoom, lat, lon]: View): void {
    const { lng, lat: now } = this.map.getCenter();
    if (Math.abs(lng - lon) < 1e-5 && Math.abs(now - lat) < 1e-5 && Math.abs(this.map.getZoom() - zoom) < 0.01) return;
    this.moving = true;
    this.map.jumpTo({ zoom, center: [lon, lat] });
  }

  zoom(by: number): void {
    this.map.zoomTo(this.map.getZoom() + by, { animate: false });
  }

  fit(bounds: [number, number, number, number]): void {
    this.map.fitBounds(bounds, { padding: this.options.padding(), maxZoom: 16, animate: false });
  }

  /** Brings a place into the picture if it is outside. */
  reveal(lon: number, lat: number): void {
    if (!this.map.getBounds().contains([lon, lat])) this.map.panTo([lon, lat], { animate: false });
  }

  resize(): void {
    this.map.resize();
  }

  destroy(): void {
    this.map.remove();
  }
}

function ownLayers(ink: Ink, size: MapSize): LayerSpecification[] {
  const steps = ink.scale;
  const [lightest = ink.surface, , middle = ink.surface] = steps;
  const names: LayerSpecification = {
    id: "area-names", type: "symbol", source: "areas",
    layout: {
      "text-field": ["get", "name"], "text-size": NAME_PX, "text-font": ["Regular"], "text-padding": 1, "symbol-sort-key": ["get", "rank"],
      "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": ["get", "offset"],
    },
    paint: { "text-color": ink.text, "text-halo-color": ink.bg, "text-halo-width": 1.5 },
  };
  const units: LayerSpecification = {
    id: "units", type: "symbol", source: "units",
    layout: { "icon-image": ["get", "sign"], "icon-allow-overlap": true, "icon-padding": 0 },
  };
  return [
    { id: "outlines", type: "line", source: "outlines", paint: { "line-color": ink.control, "line-width": 1 } },
    { id: "outline-selected", type: "line", source: "outlines", filter: ["==", ["get", "id"], ""], paint: { "line-color": ink.accent, "line-width": 3 } },
    {
      id: "hexes", type: "fill", source: "hexes",
      paint: { "fill-color": ["match", ["get", "step"], 0, lightest, 1, steps[1] ?? middle, 2, middle, 3, steps[3] ?? middle, steps[4] ?? middle], "fill-outline-color": ink.line },
    },
    {
      id: "hex-signs", type: "symbol", source: "hexes", filter: [">", ["get", "unserved"], 0],
      layout: { "icon-image": ["get", "sign"], "icon-allow-overlap": true, "icon-padding": 0 },
    },
    {
      id: "lines-old", type: "line", source: "lines", filter: ["!=", ["get", "kind"], "new"],
      layout: { "line-cap": "butt" },
      paint: { "line-color": ["match", ["get", "kind"], "lost", ink.danger, ink.text2], "line-width": 2, "line-dasharray": [3, 2] },
    },
    {
      id: "lines-new", type: "line", source: "lines", filter: ["==", ["get", "kind"], "new"],
      layout: { "line-cap": "round" },
      paint: { "line-color": ink.accent, "line-width": 2.5 },
    },
    // What stands later is placed first: names give way to signs, and those of units to those of areas.
    {
      id: "unit-names", type: "symbol", source: "units", minzoom: 14.5,
      layout: {
        "text-field": ["get", "name"], "text-size": 12, "text-font": ["Regular"], "text-padding": 1, "text-max-width": 9,
        "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.9,
      },
      paint: { "text-color": ink.text2, "text-halo-color": ink.bg, "text-halo-width": 1.5 },
    },
    ...(size === "small" ? [units, names] : [names, units]),
    {
      id: "areas", type: "symbol", source: "areas",
      layout: { "icon-image": ["get", "sign"], "icon-allow-overlap": true, "icon-padding": 0, "symbol-sort-key": ["get", "order"] },
    },
  ];
}

/** The selected neighbourhood alone, so that it is seen among hexagons. */
const chosen = ({ areas, selectedArea }: MapData): Features => ({
  ...areas,
  features: areas.features.filter(({ properties }) => properties["id"] === selectedArea),
});

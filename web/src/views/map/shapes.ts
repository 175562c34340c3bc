import type { AreaPoint, Trial, UnitPoint } from "../../api/types";
import { circleName, unitName } from "./patterns";

/* What the map draws, as GeoJSON; no drawing here. */

export type Position = [number, number];

export interface Feature {
  type: "Feature";
  geometry: { type: "Point"; coordinates: Position } | { type: "LineString"; coordinates: Position[] } | { type: "Polygon"; coordinates: Position[][] };
  properties: Record<string, string | number | boolean>;
}

export interface Features {
  type: "FeatureCollection";
  features: Feature[];
}

const collect = (features: Feature[]): Features => ({ type: "FeatureCollection", features });

/** So many points are drawn one by one; more are gathered in hexagons. */
export const MOST_POINTS = 2000;

const LEAST_RADIUS = 11;
/** Size of names, and how far from the circle they stand: above and below too, so that its sign doesn't hide them. */
export const NAME_PX = 12;
const NAME_OFF_PX = 11;
/** Radius of the largest circle on a map with room, and on a small one, where names would find none beside it. */
export const MOST_RADIUS = { large: 26, small: 19 };
export type MapSize = keyof typeof MOST_RADIUS;

/** Radius in pixels: the circle's area grows with what is unmatched. */
export function radiusOf(unserved: number, most: number, size: MapSize = "large"): number {
  if (unserved <= 0 || most <= 0) return LEAST_RADIUS;
  return Math.round(LEAST_RADIUS + (MOST_RADIUS[size] - LEAST_RADIUS) * Math.sqrt(unserved / most));
}

const isPlaced = <T extends { lon: number | null; lat: number | null }>(place: T): place is T & { lon: number; lat: number } =>
  place.lon !== null && place.lat !== null;

/** Whether a point stands for something larger, so that the sign is hollow. */
export const isApproximate = (precision: string): boolean => precision === "area" || precision === "street";

export function areaFeatures(areas: AreaPoint[], selected: string | null, size: MapSize = "large"): Features {
  const most = areas.reduce((top, { unserved }) => Math.max(top, unserved), 0);
  return collect(
    areas.filter(isPlaced).map((area) => {
      const radius = radiusOf(area.unserved, most, size);
      const isSelected = selected === `area:${area.id}`;
      const sign = {
        reason: area.unserved > 0 ? (area.reason ?? "no_capacity") : "",
        radius,
        hollow: isApproximate(area.precision),
        count: area.unserved,
        selected: isSelected,
      };
      return {
        type: "Feature",
        geometry: { type: "Point", coordinates: [area.lon, area.lat] },
        properties: {
          id: area.id, name: area.name, sign: circleName(sign), offset: (radius + NAME_OFF_PX) / NAME_PX, order: isSelected ? 1 : -radius, rank: isSelected ? -MOST_RADIUS.large - 1 : -radius,
          unserved: area.unserved, wanted: area.wanted, reason: area.reason ?? "",
        },
      };
    }),
  );
}

export function unitFeatures(units: UnitPoint[], selected: string | null): Features {
  return collect(
    units.filter(isPlaced).map((unit) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [unit.lon, unit.lat] },
      properties: {
        id: unit.id,
        name: unit.name,
        used: unit.used,
        sign: unitName({ hollow: isApproximate(unit.precision), selected: selected === `unit:${unit.id}`, busy: unit.used > 0 }),
      },
    })),
  );
}

export type LineKind = "new" | "old" | "lost";

export interface MapLine {
  kind: LineKind;
  unit: string;
  area: string;
  places: number;
}

/** The lines of a trial: new ways solid, those given up dashed. */
export function trialLines(trial: Trial): MapLine[] {
  const lines: MapLine[] = [];
  const add = (kind: LineKind, unit: string, area: string | null, places: number): void => {
    if (area !== null) lines.push({ kind, unit, area, places });
  };
  for (const item of trial.gained) add("new", item.unit, item.area, item.places);
  for (const item of trial.moved) {
    add("old", item.from_unit, item.area, item.places);
    add("new", item.to_unit, item.area, item.places);
  }
  for (const item of trial.lost) add("lost", item.unit, item.area, item.places);
  return lines;
}

export interface Places {
  areas: AreaPoint[];
  units: UnitPoint[];
}

/** The places that lines join. */
export function placesOf(lines: MapLine[], { areas, units }: Places): Places {
  const ends = new Set(lines.flatMap(({ unit, area }) => [unit, area]));
  return { areas: areas.filter(({ id }) => ends.has(id)), units: units.filter(({ id }) => ends.has(id)) };
}

/** Lines between units and neighbourhoods that both have a point. */
export function lineFeatures(lines: MapLine[], areas: AreaPoint[], units: UnitPoint[]): Features {
  const area = new Map(areas.filter(isPlaced).map((place) => [place.id, place]));
  const unit = new Map(units.filter(isPlaced).map((place) => [place.id, place]));
  const features: Feature[] = [];
  for (const line of lines) {
    const from = unit.get(line.unit) ?? area.get(line.unit);
    const to = area.get(line.area);
    if (!from || !to) continue;
    features.push({
      type: "Feature",
      geometry: { type: "LineString", coordinates: [[from.lon, from.lat], [to.lon, to.lat]] },
      properties: { kind: line.kind, places: line.places },
    });
  }
  return collect(features);
}

/** West, south, east, north of all points; null if there are none. */
export function boundsOf(places: { lon: number | null; lat: number | null }[]): [number, number, number, number] | null {
  const placed = places.filter(isPlaced);
  const [first] = placed;
  if (!first) return null;
  const box: [number, number, number, number] = [first.lon, first.lat, first.lon, first.lat];
  for (const { lon, lat } of placed) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

const WORLD_PX = 512;
/** Circles whose middles are nearer than this share of their radii hide each other's numbers. */
const TOO_NEAR = 0.75;
/** So large a share of hidden circles makes hexagons the clearer picture. */
const MOST_HIDDEN = 0.1;
const HEX_PX = 30;

const toMercator = (lon: number, lat: number): Position => {
  const sine = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
};

const fromMercator = ([x, y]: Position): Position => [
  (x - 0.5) * 360,
  (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI,
];

/** Whether the circles of neighbourhoods would hide each other at a zoom. */
export function wouldOverlap(areas: AreaPoint[], zoom: number, size: MapSize = "large"): boolean {
  const placed = areas.filter(isPlaced);
  if (placed.length > MOST_POINTS) return true;
  const most = placed.reduce((top, { unserved }) => Math.max(top, unserved), 0);
  const scale = WORLD_PX * 2 ** zoom;
  const circles = placed
    .map((area) => {
      const [x, y] = toMercator(area.lon, area.lat);
      return { x: x * scale, y: y * scale, radius: radiusOf(area.unserved, most, size) };
    })
    .sort((one, other) => one.x - other.x);
  let hidden = 0;
  circles.forEach((circle, at) => {
    for (let next = at + 1; next < circles.length; next++) {
      const other = circles[next];
      if (!other || other.x - circle.x > 2 * MOST_RADIUS[size]) return;
      if (Math.hypot(other.x - circle.x, other.y - circle.y) >= TOO_NEAR * (circle.radius + other.radius)) continue;
      hidden++;
      return;
    }
  });
  return hidden > MOST_HIDDEN * circles.length;
}

/** A circle inside its hexagon, wide enough for its number. */
const hexSign = (reason: string, count: number): string =>
  circleName({ reason, radius: 9 + 4 * String(count).length, hollow: false, count, selected: false });

interface Hexagon {
  /** The neighbourhood, if it is the only one. */
  id: string;
  middle: Position;
  unserved: number;
  wanted: number;
  areas: number;
  byReason: Record<string, number>;
}

/**
 * Neighbourhoods gathered in hexagons of one size on the screen at a whole zoom. Sums over all hexagons are
 * those over all neighbourhoods; the class of a hexagon, 0 to 4, follows the square root of its share.
 */
export function hexFeatures(areas: AreaPoint[], zoom: number): Features {
  const side = HEX_PX / (WORLD_PX * 2 ** zoom);
  const hexes = new Map<string, Hexagon>();
  for (const area of areas.filter(isPlaced)) {
    const [column, row] = hexAt(toMercator(area.lon, area.lat), side);
    const key = `${column}/${row}`;
    let hex = hexes.get(key);
    if (!hex) {
      hex = { id: area.id, middle: hexMiddle(column, row, side), unserved: 0, wanted: 0, areas: 0, byReason: {} };
      hexes.set(key, hex);
    }
    hex.unserved += area.unserved;
    hex.wanted += area.wanted;
    hex.areas += 1;
    if (area.reason) hex.byReason[area.reason] = (hex.byReason[area.reason] ?? 0) + area.unserved;
  }
  const most = [...hexes.values()].reduce((top, { unserved }) => Math.max(top, unserved), 0);
  return collect(
    [...hexes.values()].map((hex) => {
      const [reason = ""] = Object.entries(hex.byReason).sort((one, other) => other[1] - one[1])[0] ?? [];
      const share = most > 0 ? Math.sqrt(hex.unserved / most) : 0;
      return {
        type: "Feature",
        geometry: { type: "Polygon", coordinates: [corners(hex.middle, side)] },
        properties: {
          id: hex.areas === 1 ? hex.id : "", unserved: hex.unserved, wanted: hex.wanted, areas: hex.areas, reason: hex.unserved > 0 ? reason : "",
          sign: hex.unserved > 0 ? hexSign(reason, hex.unserved) : "",
          step: Math.min(4, Math.floor(share * 5)),
        },
      };
    }),
  );
}

/** Axial coordinates of the hexagon (pointed at the top) that holds a point. */
function hexAt([x, y]: Position, side: number): [number, number] {
  const column = ((Math.sqrt(3) / 3) * x - y / 3) / side;
  const row = ((2 / 3) * y) / side;
  let [q, r] = [Math.round(column), Math.round(row)];
  const s = Math.round(-column - row);
  const [dq, dr, ds] = [Math.abs(q - column), Math.abs(r - row), Math.abs(s + column + row)];
  if (dq > dr && dq > ds) q = -r - s;
  else if (dr > ds) r = -q - s;
  return [q, r];
}

const hexMiddle = (q: number, r: number, side: number): Position => [side * Math.sqrt(3) * (q + r / 2), side * 1.5 * r];

function corners([x, y]: Position, side: number): Position[] {
  const ring = Array.from({ length: 6 }, (_, corner): Position => {
    const angle = (Math.PI / 180) * (60 * corner - 30);
    return fromMercator([x + side * Math.cos(angle), y + side * Math.sin(angle)]);
  });
  const [first] = ring;
  return first ? [...ring, first] : ring;
}

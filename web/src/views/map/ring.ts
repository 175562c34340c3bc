import type { Outlines, Site } from "../../api/plans";

const CORNERS = 64;
const METRES_A_DEGREE = 111_195;

/** How far a station that is tried would reach, as an outline on the map. */
export function ringOf({ id, name, lon, lat }: Site, reach: number): Outlines["features"] {
  if (lon === null || lat === null) return [];
  const high = reach / METRES_A_DEGREE;
  const wide = high / Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: CORNERS + 1 }, (_, at) => {
    const turn = (2 * Math.PI * (at % CORNERS)) / CORNERS;
    return [lon + wide * Math.cos(turn), lat + high * Math.sin(turn)];
  });
  // Where its area is selected, the ring is drawn as strongly as an outline of it would be.
  return [{ type: "Feature", geometry: { type: "Polygon", coordinates: [ring] }, properties: { id, name, parent: null, has_outline: true } }];
}

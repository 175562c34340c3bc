import { addProtocol, type LayerSpecification, type StyleSpecification } from "maplibre-gl";
import type { Ink } from "./patterns";

/* The ground under the points: a local PMTiles file where the service has one, else nothing. */

interface Ground {
  sources: StyleSpecification["sources"];
  layers: LayerSpecification[];
}

const NONE: Ground = { sources: {}, layers: [] };
const IMAGES = new Set([2, 3, 4, 5, 6]);

/** Quiet layers by the names that usual schemas give them. Borders are left out: ours come from the lists. */
function vectorLayers(names: string[], ink: Ink): LayerSpecification[] {
  const layers: LayerSpecification[] = [];
  const fill = (name: string, colour: string): void => {
    layers.push({ id: `ground-${name}`, type: "fill", source: "ground", "source-layer": name, paint: { "fill-color": colour } });
  };
  const line = (name: string, colour: string, width: number): void => {
    layers.push({ id: `ground-${name}`, type: "line", source: "ground", "source-layer": name, paint: { "line-color": colour, "line-width": width } });
  };
  for (const name of names) {
    if (name === "water") fill(name, ink.scale[0] ?? ink.line);
    else if (name === "buildings" || name === "building") fill(name, ink.bg);
    else if (name === "roads" || name === "transportation") line(name, ink.line, 1.5);
    else if (name === "waterway") line(name, ink.scale[0] ?? ink.line, 1);
  }
  return layers;
}

/** Reads what kind of file lies at an address of our own and gives its source and layers. */
export async function readGround(address: string | null, ink: Ink): Promise<Ground> {
  if (address === null) return NONE;
  try {
    const { PMTiles, Protocol } = await import("pmtiles");
    const full = new URL(address, location.origin).href;
    // With what the file says of itself, so that whoever made the map is named.
    const protocol = new Protocol({ metadata: true });
    const file = new PMTiles(full);
    protocol.add(file);
    addProtocol("pmtiles", protocol.tile);
    const header = await file.getHeader();
    if (IMAGES.has(header.tileType)) {
      return {
        sources: { ground: { type: "raster", url: `pmtiles://${full}`, tileSize: 256 } },
        layers: [{ id: "ground", type: "raster", source: "ground", paint: { "raster-saturation": -0.7, "raster-opacity": 0.6 } }],
      };
    }
    const metadata = (await file.getMetadata()) as { vector_layers?: { id: string }[] };
    const names = (metadata.vector_layers ?? []).map(({ id }) => id);
    return { sources: { ground: { type: "vector", url: `pmtiles://${full}` } }, layers: vectorLayers(names, ink) };
  } catch {
    // A ground that can't be read costs the picture below the points, not the points.
    return NONE;
  }
}

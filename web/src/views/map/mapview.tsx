import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { getOutlines } from "../../api/plans";
import type { Summary } from "../../api/types";
import { Icon } from "../../parts/icon";
import { store, version } from "../../state/data";
import { drawnTheme, isPhone } from "../../state/prefs";
import { resource } from "../../state/resource";
import { stationTrial } from "../../state/stations";
import { go, select, where } from "../../state/where";
import { lang, num, reasonName, t } from "../../words";
import type { Engine, MapData, Padding, Pointed } from "./engine";
import { Legend } from "./legend";
import { ringOf } from "./ring";
import { areaFeatures, boundsOf, hexFeatures, lineFeatures, placesOf, MOST_RADIUS, unitFeatures, wouldOverlap, type MapLine, type MapSize, type Places } from "./shapes";

/** Areas with their outlines and parents, shared by all maps. */
export const outlines = resource(() => {
  version.value;
  return store.data.value ? () => getOutlines() : null;
});

interface MapViewProps {
  summary: Summary;
  lines?: MapLine[];
  /** A map beside something else: its view stays out of the address, the wheel scrolls the page. */
  isPart?: boolean;
  /** Only the places that lines join. */
  onlyLines?: boolean;
}

/** The map of a round: circles at neighbourhoods, squares at units, lines of a trial. */
export function MapView(props: MapViewProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const engine = useRef<Engine | null>(null);
  const [state, setState] = useState<"starting" | "ready" | "missing">("starting");
  const [isGathered, setGathered] = useState(false);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const places = useMemo(() => (props.onlyLines ? placesOf(props.lines ?? [], props.summary) : props.summary), [props.summary, props.lines, props.onlyLines]);
  const size: MapSize = props.isPart || isPhone.value ? "small" : "large";
  const data = useMapData(props.summary, places, props.lines ?? [], size);
  const bounds = useMemo(() => boundsOf([...places.areas, ...places.units]), [places]);

  const isFolded = (props.isPart ?? false) || innerWidth < FOLD_BELOW_PX;
  useEffect(() => {
    let ended = false;
    const element = box.current;
    if (!element) return;
    start(element, { bounds, isPart: props.isPart ?? false, size, padding: () => paddingOf(element, size), onPoint: setPointed, onGather: (now) => !ended && setGathered(now), onReady: () => !ended && setState("ready") }).then(
      (made) => {
        if (ended) return made.destroy();
        engine.current = made;
        made.show(data);
      },
      () => !ended && setState("missing"),
    );
    return () => {
      ended = true;
      engine.current?.destroy();
      engine.current = null;
    };
  }, [lang.value]);

  useEffect(() => engine.current?.show(data), [data]);
  useEffect(() => {
    if (props.onlyLines && bounds) engine.current?.fit(bounds);
  }, [bounds]);
  useEffect(() => void engine.current?.paint(), [drawnTheme.value]);
  useEffect(() => {
    if (!props.isPart && where.value.view) engine.current?.go(where.value.view);
  }, [where.value.view]);
  useEffect(() => {
    const [kind, id] = where.value.sel?.split(/:(.*)/s) ?? [];
    const place = kind === "area" ? props.summary.areas.find((area) => area.id === id) : kind === "unit" ? props.summary.units.find((unit) => unit.id === id) : null;
    if (place?.lon && place.lat) engine.current?.reveal(place.lon, place.lat);
  }, [where.value.sel]);

  if (state === "missing") return <p class="map-missing">{t("map_missing")}</p>;
  return (
    <div class="map-box" data-state={state}>
      <div class="map-sheet" ref={box} />
      <div class="map-buttons">
        <button type="button" aria-label={t("map_closer")} title={t("map_closer")} onClick={() => engine.current?.zoom(1)}><Icon name="plus" /></button>
        <button type="button" aria-label={t("map_wider")} title={t("map_wider")} onClick={() => engine.current?.zoom(-1)}><Icon name="minus" /></button>
        <button type="button" aria-label={t("map_all")} title={t("map_all")} onClick={() => bounds && engine.current?.fit(bounds)}><Icon name="fit" /></button>
      </div>
      {pointed && !isPhone.value && <Pointer pointed={pointed} />}
      <Legend summary={props.summary} isHex={isGathered} hasLines={(props.lines ?? []).length > 0} isFolded={isFolded} />
    </div>
  );
}

/** In a narrower window the legend starts folded. */
const FOLD_BELOW_PX = 1200;
/** A name below a circle. */
const NAME_ROW_PX = 16;
const GAP_PX = 8;

/** Room that signs need at the edges of a map, and beside the buttons and the open legend that lie on it. */
function paddingOf(sheet: HTMLElement, size: MapSize): Padding {
  const box = sheet.parentElement;
  const width = (selector: string): number => box?.querySelector<HTMLElement>(selector)?.offsetWidth ?? 0;
  const height = (selector: string): number => box?.querySelector<HTMLElement>(selector)?.offsetHeight ?? 0;
  const isColumn = height(".map-buttons") > width(".map-buttons");
  const edge = MOST_RADIUS[size] + GAP_PX;
  return {
    // Whatever lies in the upper corners is as high as one button at least.
    top: edge + GAP_PX + height(".map-buttons button"),
    // Names are wider than small circles.
    right: edge + GAP_PX + (isColumn ? GAP_PX + width(".map-buttons") : 0),
    bottom: edge + NAME_ROW_PX + GAP_PX,
    left: edge + GAP_PX + Math.min(width(".legend[open]"), sheet.offsetWidth / 3),
  };
}

/** Whether circles overlap is asked in steps of a quarter zoom. */
const ZOOM_STEPS = 4;

function useMapData(summary: Summary, shown: Places, lines: MapLine[], size: MapSize): MapData {
  const known = outlines.data.value;
  const selected = where.value.sel;
  const tried = stationTrial.data.value;
  const rings = useMemo(() => (tried?.tried?.chosen ?? []).flatMap((site) => ringOf(site, tried?.reach_m ?? 0)), [tried]);
  return useMemo(() => {
    const overlaps = new Map<number, boolean>();
    return {
      areas: areaFeatures(shown.areas, selected, size),
      units: unitFeatures(shown.units, selected),
      hexes: (zoom) => hexFeatures(shown.areas, zoom),
      gathers: (zoom) => {
        // Ways end at neighbourhoods: gathered, nobody could see whose they are.
        if (lines.length > 0) return false;
        const step = Math.floor(zoom * ZOOM_STEPS);
        const known = overlaps.get(step) ?? wouldOverlap(shown.areas, step / ZOOM_STEPS, size);
        overlaps.set(step, known);
        return known;
      },
      lines: lineFeatures(lines, summary.areas, summary.units),
      outlines: { type: "FeatureCollection", features: [...(known?.features ?? []).filter(({ properties }) => properties.has_outline), ...rings] },
      selectedArea: selected?.startsWith("area:") ? selected.slice(5) : "",
    };
  }, [summary, shown, lines, known, selected, size, rings]);
}

interface Wishes {
  bounds: [number, number, number, number] | null;
  isPart: boolean;
  size: MapSize;
  padding: () => Padding;
  onPoint: (pointed: Pointed | null) => void;
  onGather: (isGathered: boolean) => void;
  onReady: () => void;
}

async function start(element: HTMLElement, wishes: Wishes): Promise<Engine> {
  const { Engine } = await import("./engine");
  const made = new Engine({
    element,
    ...wishes,
    view: wishes.isPart ? null : where.peek().view,
    pmtiles: store.data.peek()?.pmtiles ?? null,
    onView: (view) => {
      if (!wishes.isPart) go({ view }, "replace");
    },
    onChoose: (pointed) => {
      select(pointed ? `${pointed.kind}:${pointed.id}` : null);
    },
  });
  await made.paint();
  return made;
}

/** What lies under the pointer, in words and figures. */
function Pointer({ pointed }: { pointed: Pointed }): JSX.Element {
  const { properties, kind } = pointed;
  const count = (name: string): number => Number(properties[name] ?? 0);
  const reason = String(properties["reason"] ?? "");
  return (
    <p class="map-pointer" style={{ left: `${pointed.x}px`, top: `${pointed.y}px` }} role="status">
      <b>{kind === "hex" ? t("map_hex", { n: count("areas") }) : String(properties["name"])}</b>
      <span>
        {kind === "unit"
          ? t("map_unit_gives", { n: count("used") })
          : t("map_area_wants", { wanted: num(count("wanted")), unserved: num(count("unserved")) })}
      </span>
      {reason && <span>{t("map_main_reason", { reason: reasonName(reason) })}</span>}
    </p>
  );
}

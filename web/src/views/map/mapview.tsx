import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { getOutlines } from "../../api/plans";
import type { Summary } from "../../api/types";
import { Icon } from "../../parts/icon";
import { store, version } from "../../state/data";
import { drawnTheme, isPhone } from "../../state/prefs";
import { resource } from "../../state/resource";
import { go, select, where } from "../../state/where";
import { lang, num, reasonName, t } from "../../words";
import type { Engine, MapData, Pointed } from "./engine";
import { Legend } from "./legend";
import { areaFeatures, boundsOf, hexFeatures, lineFeatures, MOST_POINTS, unitFeatures, type MapLine } from "./shapes";

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
  onOpen?: (table: "areas" | "units", id: string) => void;
}

/** The map of a round: circles at neighbourhoods, squares at units, lines of a trial. */
export function MapView(props: MapViewProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const engine = useRef<Engine | null>(null);
  const [state, setState] = useState<"starting" | "ready" | "missing">("starting");
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const data = useMapData(props.summary, props.lines ?? []);
  const bounds = useMemo(() => boundsOf([...props.summary.areas, ...props.summary.units]), [props.summary]);

  useEffect(() => {
    let ended = false;
    const element = box.current;
    if (!element) return;
    start(element, { bounds, isPart: props.isPart ?? false, onPoint: setPointed, onReady: () => !ended && setState("ready") }).then(
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
      <Legend summary={props.summary} isHex={data.hexes !== null} hasLines={(props.lines ?? []).length > 0} isFolded={(props.isPart ?? false) || isPhone.value} />
    </div>
  );
}

function useMapData(summary: Summary, lines: MapLine[]): MapData {
  const known = outlines.data.value;
  const selected = where.value.sel;
  return useMemo(() => {
    const isCity = summary.areas.length > MOST_POINTS;
    return {
      areas: isCity ? areaFeatures([], null) : areaFeatures(summary.areas, selected),
      units: isCity ? unitFeatures([], null) : unitFeatures(summary.units, selected),
      hexes: isCity ? (zoom: number) => hexFeatures(summary.areas, zoom) : null,
      lines: lineFeatures(lines, summary.areas, summary.units),
      outlines: { type: "FeatureCollection", features: (known?.features ?? []).filter(({ properties }) => properties.has_outline) },
      selectedArea: selected?.startsWith("area:") ? selected.slice(5) : "",
    };
  }, [summary, lines, known, selected]);
}

interface Wishes {
  bounds: [number, number, number, number] | null;
  isPart: boolean;
  onPoint: (pointed: Pointed | null) => void;
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
      if (pointed?.kind !== "hex") select(pointed ? `${pointed.kind}:${pointed.id}` : null);
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

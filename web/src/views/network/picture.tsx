import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Picture as Document } from "../../api/network";
import { Icon } from "../../parts/icon";
import { drawnTheme } from "../../state/prefs";
import { lang, t } from "../../words";
import type { Drawn, Engine, Ink } from "./engine";
import { isWay, MOST_COLOURS, nextTowards, type Groups } from "./shapes";

interface PictureProps {
  picture: Document;
  groups: Groups;
  radii: number[];
  selected: number | null;
  onSelect: (row: number | null) => void;
  /** A click, or Enter. */
  onOpen: (row: number) => void;
}

type State = "starting" | "ready" | "missing";

/** The network drawn: circles for parties, lines for ties; a click or the arrow keys select. */
export function Picture(props: PictureProps): JSX.Element {
  const { picture, groups, radii, selected } = props;
  const box = useRef<HTMLDivElement>(null);
  const buttons = useRef<HTMLDivElement>(null);
  const engine = useRef<Engine | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [state, setState] = useState<State>("starting");
  const [ink, setInk] = useState<Ink | null>(null);
  const nodes = useMemo(() => (ink ? nodesOf(picture, groups, radii, ink) : []), [picture, groups, radii, ink]);

  useEffect(() => {
    let ended = false;
    const element = box.current;
    if (!element) return;
    import("./engine").then(
      ({ Engine, canDraw, readInk }) => {
        if (ended) return;
        if (!canDraw()) return setState("missing");
        const now = readInk(MOST_COLOURS);
        engine.current = new Engine({ element, buttons: buttons.current, onChoose: (row) => choose(latest.current, row) }, now);
        setInk(now);
        setState("ready");
      },
      () => !ended && setState("missing"),
    );
    return () => {
      ended = true;
      engine.current?.destroy();
      engine.current = null;
    };
  }, []);

  const ties = picture.ties;
  const shown = useRef<Document | null>(null);
  useEffect(() => {
    if (!ink || !engine.current) return;
    if (shown.current === picture) engine.current.dress(nodes, ink);
    else engine.current.show({ nodes, ties });
    shown.current = picture;
    engine.current.select(latest.current.selected);
  }, [nodes]);
  useEffect(() => {
    void import("./engine").then(({ readInk }) => engine.current && setInk(readInk(MOST_COLOURS)));
  }, [drawnTheme.value, lang.value]);
  useEffect(() => engine.current?.select(selected), [selected]);

  if (state === "missing") return <p class="map-missing">{t("net_missing")}</p>;
  return (
    <div class="map-box" data-state={state}>
      <div class="map-sheet network-sheet" ref={box} tabIndex={0} role="application" aria-label={t("net_picture")} onKeyDown={(event) => onKey(event, props, engine.current)} />
      <div class="map-buttons" ref={buttons}>
        <button type="button" aria-label={t("map_closer")} title={t("map_closer")} onClick={() => engine.current?.zoom(1)}><Icon name="plus" /></button>
        <button type="button" aria-label={t("map_wider")} title={t("map_wider")} onClick={() => engine.current?.zoom(-1)}><Icon name="minus" /></button>
        <button type="button" aria-label={t("map_all")} title={t("map_all")} onClick={() => engine.current?.fit()}><Icon name="fit" /></button>
      </div>
    </div>
  );
}

function choose({ onSelect, onOpen }: PictureProps, row: number | null): void {
  onSelect(row);
  if (row !== null) onOpen(row);
}

function nodesOf({ parties }: Document, groups: Groups, radii: number[], ink: Ink): Drawn["nodes"] {
  return parties.map(({ x, y, name }, row) => {
    const colour = groups.of[row]?.colour ?? null;
    // The group's number goes with the name, for whoever can't tell the colours.
    const label = colour === null ? name : `${colour} ${name}`;
    return { x, y, size: radii[row] ?? 1, label, color: colour === null ? ink.control : (ink.groups[colour - 1] ?? ink.control) };
  });
}

function onKey(event: KeyboardEvent, { picture, radii, selected, onSelect, onOpen }: PictureProps, engine: Engine | null): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isWay(event.key)) {
    const next = selected === null ? radii.indexOf(Math.max(...radii)) : nextTowards(picture.parties, selected, event.key);
    if (next !== null && next >= 0) onSelect(next);
  } else if (event.key === "Enter" && selected !== null) onOpen(selected);
  else if (event.key === "+" || event.key === "=") engine?.zoom(1);
  else if (event.key === "-") engine?.zoom(-1);
  else return;
  event.preventDefault();
}

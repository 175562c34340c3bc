import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { drawnTheme } from "../../state/prefs";
import { REASONS } from "../../words";
import { drawSwatch, readInk } from "./patterns";

const SIDE = 18;

/** The pattern of a reason, drawn by the same hand as the map's. */
export function Swatch({ reason }: { reason: string }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) drawSwatch(canvas.current, reason, readInk(REASONS), SIDE);
  }, [reason, drawnTheme.value]);
  return <canvas ref={canvas} class="swatch" aria-hidden="true" data-reason={reason} />;
}

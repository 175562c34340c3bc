import { useLayoutEffect } from "preact/hooks";
import { keysOn } from "./state/prefs";

/** `ctrl+z`, `g t` (one after the other), `?`, `Escape` ... -> what to do; false: not here, let it pass. */
export type Bindings = Record<string, (event: KeyboardEvent) => void | false>;

const layers: Bindings[] = [];
const SEQUENCE_MS = 1200;
let first: { key: string; at: number } | null = null;

/** Binds keys while a component is shown, from before it is painted; what was bound last is asked first. */
export function useKeys(bindings: Bindings, dependencies: unknown[] = []): void {
  useLayoutEffect(() => {
    layers.push(bindings);
    return () => {
      layers.splice(layers.indexOf(bindings), 1);
    };
  }, dependencies);
}

/** How a key is written in a binding. */
export function keyName(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const control = event.ctrlKey || event.metaKey ? "ctrl+" : "";
  const shift = event.shiftKey && control ? "shift+" : "";
  return `${event.altKey ? "alt+" : ""}${control}${shift}${key === " " ? "Space" : key}`;
}

/** Whether typing goes into a field, so that no letter may act. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select") !== null;
}

function handle(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented) return;
  const key = keyName(event);
  if (key !== "Escape" && (!keysOn.value || isTyping(event.target))) return;
  // When the key was pressed, not when a busy page came to it.
  const sequence = first && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${key}` : null;
  first = null;
  if ((sequence && run(sequence, event)) || run(key, event)) return;
  if (layers.some((layer) => Object.keys(layer).some((name) => name.startsWith(`${key} `)))) {
    first = { key, at: event.timeStamp };
  }
}

function run(key: string, event: KeyboardEvent): boolean {
  for (const layer of [...layers].reverse()) {
    const act = layer[key];
    if (act && act(event) !== false) {
      event.preventDefault();
      return true;
    }
  }
  return false;
}

export function followKeys(): void {
  addEventListener("keydown", handle);
}

import { signal } from "@preact/signals";
import type { FunctionComponent } from "preact";

/** The one panel at the right: what it shows, or null when closed. */
export interface PanelContent {
  title: string;
  /** Closes when the same thing is opened again. */
  key: string;
  body: FunctionComponent;
  /** Opened by a click into a table, which keeps the focus. */
  isBeside?: boolean;
}

export const panel = signal<PanelContent | null>(null);

let before: HTMLElement | null = null;

/** Opens the panel and remembers where the focus was. */
export function openPanel(content: PanelContent): void {
  if (!panel.value && document.activeElement instanceof HTMLElement) before = document.activeElement;
  panel.value = content;
}

/** Closes it; the focus goes back to where it came from. */
export function closePanel(): void {
  if (!panel.value) return;
  panel.value = null;
  before?.focus();
  before = null;
}

export function togglePanel(content: PanelContent): void {
  if (panel.value?.key === content.key) closePanel();
  else openPanel(content);
}

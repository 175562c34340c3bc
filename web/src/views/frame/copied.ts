import { signal } from "@preact/signals";

const SHOWN_MS = 4000;

/** How many rows were copied just now; the header says so in quiet text. */
export const copied = signal<number | null>(null);

let timer: ReturnType<typeof setTimeout>;

export function noteCopied(rows: number): void {
  copied.value = rows;
  clearTimeout(timer);
  timer = setTimeout(() => (copied.value = null), SHOWN_MS);
}

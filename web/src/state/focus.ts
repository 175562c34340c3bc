import { signal } from "@preact/signals";

/** A key opened a page: its table takes the focus once it has rows. */
export const tableWanted = signal(false);

for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => (tableWanted.value = false), { capture: true });

import { computed, signal } from "@preact/signals";
import { getBeside, type Answer, type BesideWish, type PartName } from "../../api/beside";
import { round, version } from "../../state/data";
import { resource, type Resource } from "../../state/resource";

/* What the panel asks: part by part, so that the first is read while the others are worked out. */

export const isOpen = signal(false);
export const by = signal<"area" | "group">("area");
/** Null: the largest that all can have at once. */
export const share = signal<number | null>(null);

const ROWS = 10;

let last: Promise<unknown> = Promise.resolve();

/** Asks once what was asked before has been answered; what nobody waits for any more isn't asked at all. */
function inTurn<T>(load: () => Promise<T>, isWanted: () => boolean): Promise<T> {
  const mine = last.then(() => {
    if (!isWanted()) throw new DOMException("no longer wanted", "AbortError");
    return load();
  });
  last = mine.catch(() => undefined);
  return mine;
}

function part<P extends PartName>(name: P, wish: () => BesideWish = () => ({})): Resource<Answer<P>> {
  return resource(() => {
    const shown = round.value;
    version.value;
    const asked = { limit: ROWS, ...wish() };
    const isWanted = (): boolean => isOpen.peek() && round.peek() === shown;
    return shown === null || !isOpen.value ? null : () => inTurn(() => getBeside(shown, name, asked), isWanted);
  });
}

export const places = part("more_places");
export const fairness = part("fair_share", () => ({ by: by.value, share: share.value }));
export const cap = part("distance_cap");
export const stability = part("stability");

const all = [places, fairness, cap, stability];
/** How many parts are there, of how many. */
export const total = all.length;
export const done = computed(() => all.filter(({ data, old, error }) => error.value !== null || (data.value !== null && !old.value)).length);

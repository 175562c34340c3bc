import { computed, effect, signal } from "@preact/signals";
import { getState, getSummary } from "../api/calls";
import { offline } from "../api/client";
import { getRounds } from "../api/plans";
import { resource } from "./resource";
import { filters, where } from "./where";

const LOOK_AGAIN_MS = 20_000;
const LOOK_AGAIN_OFFLINE_MS = 4_000;

/** What the store holds now: revision, round, counts. */
export const store = resource(() => () => getState());

/** Whether the lists hold anything at all. */
export const holdsLists = computed(() => Object.values(store.data.value?.counts ?? {}).some((rows) => rows > 0));

/** Changes whenever the store or its newest round did; resources read it to ask anew. */
export const version = computed(() => {
  const state = store.data.value;
  return state ? `${state.token}/${state.round ?? ""}` : "";
});

/** The round that the page shows: the one of the address, else the newest; null if there is none. */
export const round = computed(() => {
  const { page, id, round: asked } = where.value;
  if (page === "round" && id !== null && id !== "current") return id;
  return asked ?? store.data.value?.round ?? null;
});

/** The figures under all filters, shared by every page. */
export const summary = resource(() => {
  const shown = round.value;
  const asked = filters.value;
  version.value;
  return shown === null ? null : () => getSummary(shown, asked);
});

/** All rounds, newest first: for the page that chooses among them, and where the one shown is out of date. */
export const rounds = resource(() => {
  version.value;
  const isWanted = where.value.page === "round" || summary.data.value?.stale === true;
  return isWanted && store.data.value?.round ? () => getRounds() : null;
});

/** The same without the filter by reason, so that the reasons can be chosen between. */
const unreasoned = resource(() => {
  const shown = round.value;
  const { reason, ...asked } = filters.value;
  version.value;
  return shown === null || reason === undefined ? null : () => getSummary(shown, asked);
});
export const reasons = computed(() => (unreasoned.data.value ?? summary.data.value)?.reasons ?? []);

/** The names of areas and units, of everything seen so far. */
const seenNames = new Map<string, string>();
export const names = computed<ReadonlyMap<string, string>>(() => {
  const seen = summary.data.value;
  for (const place of [...(seen?.areas ?? []), ...(seen?.units ?? [])]) seenNames.set(place.id, place.name);
  return new Map(seenNames);
});

/** All areas of the round, for the filter bar; those of the first unfiltered answer stay. */
const allAreas = signal<{ id: string; name: string }[]>([]);
const allCategories = signal<string[]>([]);
effect(() => {
  const seen = summary.data.value;
  if (!seen || summary.old.value) return;
  if (seen.areas.length >= allAreas.peek().length) allAreas.value = seen.areas.map(({ id, name }) => ({ id, name }));
  if (seen.categories.length >= allCategories.peek().length) allCategories.value = seen.categories;
});
export const areaChoices = computed(() => allAreas.value);
export const categoryChoices = computed(() => allCategories.value);

/** Asks again what the store holds: after a write, on return to the page, and now and then. */
export function refresh(): void {
  store.reload();
}

export function followStore(): void {
  let timer: ReturnType<typeof setTimeout>;
  const turn = (): void => {
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        if (!document.hidden) refresh();
        turn();
      },
      offline.value ? LOOK_AGAIN_OFFLINE_MS : LOOK_AGAIN_MS,
    );
  };
  effect(() => {
    offline.value;
    turn();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh();
  });
  addEventListener("online", refresh);
}

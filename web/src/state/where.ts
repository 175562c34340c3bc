import { computed, signal } from "@preact/signals";
import type { Filters } from "../api/calls";
import { formatAddress, NOWHERE, parseAddress, type PageName, type Where } from "./url";

/** Where the page is now. Change it with `go` only, so that the address bar agrees. */
export const where = signal<Where>(parseAddress(location));

/** The filters that the API understands. */
export const filters = computed<Filters>(() => {
  const { area, cat, reason, priority } = where.value;
  return { area: area ?? undefined, cat: cat ?? undefined, reason: reason ?? undefined, priority: priority ?? undefined };
});

export const isFiltered = computed(() => {
  const { area, cat, reason, priority, part, unit } = where.value;
  return [area, cat, reason, priority, part, unit].some((value) => value !== null);
});

/** Changes some of the place. What is typed or dragged replaces the entry of the history; else Back returns. */
export function go(change: Partial<Where>, how: "push" | "replace" = "push"): void {
  const next = { ...where.value, ...change };
  const address = formatAddress(next);
  if (address === formatAddress(where.value)) return;
  if (how === "push") history.pushState(history.state, "", address);
  else history.replaceState(history.state, "", address);
  where.value = next;
}

/** Opens another page; filters and language go along, the rest stays behind. */
export function open(page: PageName, change: Partial<Where> = {}): void {
  const { round, area, cat, reason, priority, part, lang } = where.value;
  go({ ...NOWHERE, round, area, cat, reason, priority, part, lang, page, ...change });
  document.getElementById("main")?.scrollTo(0, 0);
  scrollTo(0, 0);
}

/** The address that `open` would go to, for a link. */
export function addressOf(page: PageName, change: Partial<Where> = {}): string {
  const { round, area, cat, reason, priority, part, lang } = where.value;
  return formatAddress({ ...NOWHERE, round, area, cat, reason, priority, part, lang, page, ...change });
}

/** Goes along to a round made just now, where the address names an earlier one. */
export function followRound(made: string): void {
  const { page, id, round } = where.value;
  const isNamed = page === "round" && id !== null && id !== "current";
  if (isNamed || round !== null) go({ round: null, ...(isNamed ? { id: made } : {}) }, "replace");
}

export function dropFilters(): void {
  go({ area: null, cat: null, reason: null, priority: null, part: null, unit: null });
}

/** Sets a filter, or takes it off if it is set so already. */
export function toggle(key: "area" | "cat" | "reason" | "priority" | "part" | "unit", value: string): void {
  go({ [key]: where.value[key] === value ? null : value });
}

/** Selects a thing (`area:ID`), for every page and the panel. */
export function select(sel: string | null): void {
  go({ sel }, "replace");
}

addEventListener("popstate", () => {
  where.value = parseAddress(location);
});

import { computed } from "@preact/signals";
import type { Change } from "../api/types";
import { kept } from "./keep";

const isChange = (value: unknown): value is Change =>
  typeof value === "object" && value !== null && "table" in value && "id" in value && "field" in value;
const isChanges = (value: unknown): value is Change[] => Array.isArray(value) && value.every(isChange);

/** Numbers changed but not kept: ids and numbers only, so that nothing personal stays on the machine. */
export const drafts = kept<Change[]>("drafts", [], isChanges);
/** Earlier ones put aside while others are tried alone; not tried, not kept, and not lost. */
export const aside = kept<Change[]>("aside", [], isChanges);
export const hasDrafts = computed(() => drafts.value.length > 0);
/** Whether anything waits to be kept or discarded, tried now or put aside. */
export const hasAny = computed(() => hasDrafts.value || aside.value.length > 0);

interface Changing {
  table: Change["table"];
  id: string;
}
const isChanging = (value: unknown): value is Changing | null =>
  value === null || (typeof value === "object" && "table" in value && "id" in value);

/** The record whose numbers are being changed in the panel, so that a reload opens it again. */
export const changing = kept<Changing | null>("changing", null, isChanging);

const isSame = (one: Change, other: Change): boolean =>
  one.table === other.table && one.id === other.id && one.field === other.field;

/** Notes a change to try; an earlier one of the same field gives way. */
export function draft(change: Change): void {
  drafts.value = [...drafts.value.filter((other) => !isSame(other, change)), change];
}

export function dropDraft(change: Change): void {
  drafts.value = drafts.value.filter((other) => !isSame(other, change));
}

/** Ends what is tried, kept or discarded; what was put aside for it comes back. */
export function dropDrafts(): void {
  const back = aside.value;
  aside.value = [];
  drafts.value = back;
}

/** Puts all drafts aside but those chosen; of the same field the later one stays. */
export function putAside(isChosen: (change: Change) => boolean = () => false): void {
  const chosen = drafts.value.filter(isChosen);
  const away = drafts.value.filter((change) => !isChosen(change));
  aside.value = [...without(aside.value, [...away, ...chosen]), ...away];
  drafts.value = chosen;
}

/** Tries one change by itself, the others put aside. */
export function draftAlone(change: Change): void {
  putAside();
  aside.value = without(aside.value, [change]);
  drafts.value = [change];
}

/** Takes what was put aside back, to be tried together. */
export function takeBackAside(): void {
  const back = without(aside.value, drafts.value);
  aside.value = [];
  drafts.value = [...back, ...drafts.value];
}

const without = (changes: Change[], others: Change[]): Change[] => changes.filter((change) => !others.some((other) => isSame(change, other)));

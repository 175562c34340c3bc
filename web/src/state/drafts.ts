import { computed } from "@preact/signals";
import type { Change } from "../api/types";
import { kept } from "./keep";

const isChange = (value: unknown): value is Change =>
  typeof value === "object" && value !== null && "table" in value && "id" in value && "field" in value;
const isChanges = (value: unknown): value is Change[] => Array.isArray(value) && value.every(isChange);

/** Numbers changed but not kept: ids and numbers only, so that nothing personal stays on the machine. */
export const drafts = kept<Change[]>("drafts", [], isChanges);
export const hasDrafts = computed(() => drafts.value.length > 0);

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

export function dropDrafts(): void {
  drafts.value = [];
}

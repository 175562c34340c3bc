import { signal } from "@preact/signals";
import { getRevisions, undoRevision } from "../api/calls";
import { getRounds } from "../api/plans";
import { refresh } from "./data";
import { complain } from "./notices";
import { go, where } from "./where";

export interface Saved {
  revision: number;
  /** The revision that undid it; then Ctrl+Shift+Z brings it back. */
  undoneBy: number | null;
}

/** What was saved last, in this page or before. */
export const saved = signal<Saved | null>(null);

/** Tells of a write that the server has acknowledged. */
export function noteSaved(revision: number | null): void {
  if (revision !== null) saved.value = { revision, undoneBy: null };
  refresh();
}

/** Finds what was saved last, so that it can be undone after a reload too. */
export async function findSaved(): Promise<void> {
  try {
    const last = (await getRevisions(1))[0];
    if (last && last.action !== "undo") saved.value = { revision: last.revision, undoneBy: last.undone_by };
  } catch {
    // Nothing to undo is shown until something is saved.
  }
}

export async function undo(revision?: number): Promise<void> {
  const target = revision ?? (saved.value?.undoneBy === null ? saved.value.revision : undefined);
  if (target === undefined) return;
  try {
    const answer = await undoRevision(target);
    saved.value = { revision: target, undoneBy: answer.revision };
    refresh();
    await showAgreeing();
  } catch (error) {
    complain(error);
  }
}

/** Undoes the undoing. */
export async function redo(): Promise<void> {
  const undoing = saved.value?.undoneBy;
  if (undoing === null || undoing === undefined) return;
  try {
    const answer = await undoRevision(undoing);
    saved.value = { revision: answer.revision, undoneBy: null };
    refresh();
    await showAgreeing();
  } catch (error) {
    complain(error);
  }
}

/** Shows the newest round that was made from the lists as they stand now, so that undoing brings its figures back. */
async function showAgreeing(): Promise<void> {
  const rounds = await getRounds();
  const agreeing = rounds.find(({ stale }) => !stale);
  if (!agreeing) return;
  const isNewest = agreeing.id === rounds[0]?.id;
  const { page, id } = where.value;
  if (page === "round" && id !== null) go({ id: isNewest ? null : agreeing.id, round: null }, "replace");
  else go({ round: isNewest ? null : agreeing.id }, "replace");
}

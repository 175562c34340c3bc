import { signal } from "@preact/signals";
import { getRevisions, getState, undoRevision } from "../api/calls";
import { getRounds } from "../api/plans";
import type { Revision } from "../api/types";
import { refresh } from "./data";
import { complain, notice } from "./notices";
import { go, where } from "./where";
import { t } from "../words";

export interface Saved {
  revision: number;
  /** The revision that undid it; then Ctrl+Shift+Z brings it back. */
  undoneBy: number | null;
}

/** What was saved last: here, or before the page was opened. */
export const saved = signal<Saved | null>(null);

/** A revision that is taken back only once somebody has read what it holds. */
export const asked = signal<Revision | null>(null);

const OWN = "linli.own-revisions";
const LOOK_BACK = 200;
const MANY_RECORDS = 10;

/** The revisions that this browser made since it was opened. */
function readOwn(): number[] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(OWN) ?? "[]");
    return Array.isArray(found) ? found.filter((item) => typeof item === "number") : [];
  } catch {
    return [];
  }
}

function noteOwn(revision: number): void {
  try {
    sessionStorage.setItem(OWN, JSON.stringify([...readOwn(), revision].slice(-LOOK_BACK)));
  } catch {
    // Without this memory undoing asks first, nothing else.
  }
}

/** Tells of a write that the server has acknowledged. */
export function noteSaved(revision: number | null): void {
  if (revision !== null) {
    noteOwn(revision);
    saved.value = { revision, undoneBy: null };
    asked.value = null;
  }
  refresh();
}

/** Finds what was saved last, so that it can be undone, or an undoing taken back, after a reload too. */
export async function findSaved(): Promise<void> {
  try {
    const revisions = await getRevisions(LOOK_BACK);
    const last = revisions[0];
    if (last && saved.value === null) saved.value = placeOf(last, revisions);
  } catch {
    // Nothing to undo is shown until something is saved.
  }
}

/** Where the newest revision leaves things: a change that stands, or one undone that can come back. */
function placeOf(last: Revision, revisions: readonly Revision[]): Saved {
  return isUndoing(last, revisions) && last.undoes !== null ? { revision: last.undoes, undoneBy: last.revision } : { revision: last.revision, undoneBy: last.undone_by };
}

/** Whether a revision took a change back; one that took back an undoing brought a change again. */
export function isUndoing(revision: Revision, revisions: readonly Revision[]): boolean {
  if (revision.undoes === null) return false;
  const first = revisions.find((other) => other.revision === revision.undoes);
  return !first || !isUndoing(first, revisions);
}

/** How many records a revision touched. */
const sizeOf = ({ changes }: Revision): number => Object.values(changes).reduce((sum, rows) => sum + rows, 0);

/** The newest revision that still counts, so that undoing goes on step by step. */
export function nextToUndo(revisions: readonly Revision[]): number | null {
  return revisions.find((one) => one.undoes === null && one.undone_by === null)?.revision ?? null;
}

/** Undoes what was saved last, and the one before the next time; where much would go, or somebody else saved it, it asks first. */
export async function undo(): Promise<void> {
  const last = saved.value;
  if (!last) return;
  const next = last.undoneBy === null ? last.revision : nextToUndo(await getRevisions(LOOK_BACK).catch(() => []));
  if (next !== null) await takeBackOrAsk(next, MANY_RECORDS);
}

/** Undoes the undoing. */
export async function redo(): Promise<void> {
  const undoing = saved.value?.undoneBy;
  if (undoing !== null && undoing !== undefined) await takeBackOrAsk(undoing, Infinity);
}

async function takeBackOrAsk(target: number, most: number): Promise<void> {
  try {
    const about = (await getRevisions(LOOK_BACK)).find(({ revision }) => revision === target);
    if (about && (!readOwn().includes(target) || sizeOf(about) > most)) asked.value = about;
    else await takeBack(target);
  } catch (error) {
    complain(error);
  }
}

/** Takes one revision back that somebody has chosen; taking back an undoing brings the change again. */
export async function takeBack(target: number): Promise<void> {
  asked.value = null;
  try {
    const answer = await undoRevision(target);
    noteOwn(answer.revision);
    const revisions = await getRevisions(LOOK_BACK);
    const made = revisions.find(({ revision }) => revision === answer.revision);
    saved.value = made ? placeOf(made, revisions) : { revision: target, undoneBy: answer.revision };
    refresh();
    if (answer.claims_left) notice.value = { text: t("claims_left", { n: answer.claims_left }), remedy: t("claims_left_remedy") };
    await showAgreeing();
  } catch (error) {
    complain(error);
  }
}

/** Shows a round that agrees with the lists as they stand now, so that undoing brings its figures back. */
async function showAgreeing(): Promise<void> {
  const [rounds, state] = await Promise.all([getRounds(), getState()]);
  const agreeing = rounds.find(({ stale }) => !stale);
  if (!agreeing) return;
  const { page, id } = where.value;
  if (page === "round" && id !== null) go({ id: agreeing.id, round: null }, "replace");
  else go({ round: agreeing.id === state.round ? null : agreeing.id }, "replace");
}

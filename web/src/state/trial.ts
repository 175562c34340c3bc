import { computed, effect, signal } from "@preact/signals";
import { keepChanges, tryChanges } from "../api/calls";
import { Refusal } from "../api/client";
import type { Change, Trial } from "../api/types";
import { round, store, version } from "./data";
import { drafts, dropDrafts } from "./drafts";
import { complain } from "./notices";
import { resource, type Resource } from "./resource";
import { noteSaved } from "./undo";
import { followRound } from "./where";

const SETTLE_MS = 250;
const CONFLICT = 409;

/** The drafts as they stood when the typing paused. */
const settled = signal<Change[]>(drafts.peek());
effect(() => {
  const now = drafts.value;
  const timer = setTimeout(() => (settled.value = now), now.length > 0 ? SETTLE_MS : 0);
  return () => clearTimeout(timer);
});

const settledTrial = resource(() => {
  const changes = settled.value;
  const shown = round.value;
  version.value;
  return changes.length === 0 || shown === null ? null : () => tryChanges(shown, changes);
});

/**
 * Who gains, moves and loses if the drafts were kept; asked anew whenever a number or the store changes.
 * Old from the first letter typed on: what is kept is what was shown.
 */
export const trial: Resource<Trial> = {
  ...settledTrial,
  old: computed(() => settledTrial.old.value || (drafts.value.length > 0 && drafts.value !== settled.value)),
};

/** A keeping is under way. */
export const isKeeping = signal(false);

/** Others wrote while the drafts were being kept; nothing was stored. */
export const isOvertaken = signal(false);

/** Writes the drafts as one revision. Where others wrote first, the drafts stay, tried against what is new. */
export async function keepDrafts(): Promise<boolean> {
  const state = store.data.value;
  if (round.value === null || !state || drafts.value.length === 0) return false;
  isKeeping.value = true;
  try {
    const kept = await keepChanges(round.value, drafts.value, state.revision);
    dropDrafts();
    noteSaved(kept.revision);
    followRound(kept.round);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.status === CONFLICT) {
      isOvertaken.value = true;
      store.reload();
    } else complain(error);
    return false;
  } finally {
    isKeeping.value = false;
  }
}

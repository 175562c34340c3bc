import { computed, signal } from "@preact/signals";
import { cancelJob, getRules, startRound, type RoundWish } from "../api/calls";
import { followJob } from "../api/events";
import { isOldRound, Refusal } from "../api/client";
import type { Job } from "../api/types";
import { refresh, round } from "./data";
import { complain, explain, notice } from "./notices";
import { rulesDraft, rulesOf, wishOf, type Rules } from "./rules";
import { followRound } from "./where";

const SERVER_ERROR = 500;

/** The long job under way, or the last one. */
export const job = signal<Job | null>(null);
export const isWorking = computed(() => job.value?.status === "queued" || job.value?.status === "running");

let stop: (() => void) | null = null;

const YEAR_MS = 366 * 24 * 3600 * 1000;

/**
 * The days, the fit and the rules of the round that is shown, or other rules. Days that ended lately give way to this year, which
 * the service takes by itself.
 */
async function wishAsShown(other?: Rules): Promise<RoundWish> {
  const shown = round.peek();
  if (shown === null) return other ? wishOf(other) : {};
  const said = await getRules(shown).catch(sayNothing);
  if (said === null) return other ? wishOf(other) : {};
  const { period, fit, match } = said;
  const overFor = Date.now() - Date.parse(`${period.to}T24:00:00+08:00`);
  const days = overFor > 0 && overFor < YEAR_MS ? {} : period;
  return { ...days, fit, ...wishOf(other ?? rulesOf(match)) };
}

/** A round of an earlier version doesn't say its rules: working it out anew is the way on from there. */
function sayNothing(error: unknown): null {
  if (isOldRound(error)) return null;
  throw error;
}

/** Matches anew by the rules of the round shown, or by others; what refuses is thrown. */
export async function matchAnew(rules?: Rules): Promise<void> {
  const started = await startRound(await wishAsShown(rules));
  job.value = started;
  stop?.();
  stop = followJob(started.id, hear);
}

/** Matches anew; the page stays usable and shows the old figures until the round is there. */
export async function recompute(): Promise<void> {
  if (isWorking.value) return;
  try {
    await matchAnew();
  } catch (error) {
    complain(error);
  }
}

function hear(news: Job): void {
  job.value = news;
  if (news.status === "done") {
    refresh();
    // Until here, so that a match that is cancelled or can't be made doesn't cost what was typed.
    rulesDraft.value = null;
    if (news.round !== null) followRound(news.round);
  }
  if (news.status === "failed") notice.value = explain(new Refusal(news.problem?.status ?? SERVER_ERROR, news.problem ?? {}));
}

export async function cancel(): Promise<void> {
  const running = job.value;
  if (!running || !isWorking.value) return;
  try {
    await cancelJob(running.id);
  } catch (error) {
    complain(error);
  }
}

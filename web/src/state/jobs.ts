import { computed, signal } from "@preact/signals";
import { cancelJob, getRules, startRound, type RoundWish } from "../api/calls";
import { followJob } from "../api/events";
import { Refusal } from "../api/client";
import type { Job } from "../api/types";
import { refresh, round } from "./data";
import { complain, explain, notice } from "./notices";
import { followRound } from "./where";

const SERVER_ERROR = 500;

/** The long job under way, or the last one. */
export const job = signal<Job | null>(null);
export const isWorking = computed(() => job.value?.status === "queued" || job.value?.status === "running");

let stop: (() => void) | null = null;

const YEAR_MS = 366 * 24 * 3600 * 1000;

/** The days and the fit of the round that is shown. One that ended lately gives way to this year, which the service takes by itself. */
async function wishAsShown(): Promise<RoundWish> {
  const shown = round.peek();
  if (shown === null) return {};
  const { period, fit } = await getRules(shown);
  const overFor = Date.now() - Date.parse(`${period.to}T24:00:00+08:00`);
  return overFor > 0 && overFor < YEAR_MS ? { fit } : { ...period, fit };
}

/** Matches anew; the page stays usable and shows the old figures until the round is there. */
export async function recompute(): Promise<void> {
  if (isWorking.value) return;
  try {
    const started = await startRound(await wishAsShown());
    job.value = started;
    stop?.();
    stop = followJob(started.id, hear);
  } catch (error) {
    complain(error);
  }
}

function hear(news: Job): void {
  job.value = news;
  if (news.status === "done") {
    refresh();
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

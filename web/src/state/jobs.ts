import { computed, signal } from "@preact/signals";
import { cancelJob, startRound, type RoundWish } from "../api/calls";
import { followJob } from "../api/events";
import { Refusal } from "../api/client";
import type { Job } from "../api/types";
import { refresh } from "./data";
import { complain, explain, notice } from "./notices";
import { followRound } from "./where";

const SERVER_ERROR = 500;

/** The long job under way, or the last one. */
export const job = signal<Job | null>(null);
export const isWorking = computed(() => job.value?.status === "queued" || job.value?.status === "running");

let stop: (() => void) | null = null;

/** Matches anew; the page stays usable and shows the old figures until the round is there. */
export async function recompute(wish: RoundWish = {}): Promise<void> {
  if (isWorking.value) return;
  try {
    const started = await startRound(wish);
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

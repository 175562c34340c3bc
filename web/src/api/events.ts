import { getJob } from "./calls";
import { path } from "./client";
import type { Job } from "./types";

const NAMES = ["progress", "done", "failed", "cancelled"] as const;
const POLL_MS = 2000;

const isOver = (job: Job): boolean => job.status === "done" || job.status === "failed" || job.status === "cancelled";

/** Follows a job to its end; by events, or by asking again where events don't arrive. Gives a way to stop. */
export function followJob(id: string, tell: (job: Job) => void): () => void {
  let stopped = false;
  const source = new EventSource(`${path("jobs", id)}/events`);
  const hear = (event: Event): void => {
    const job = JSON.parse((event as MessageEvent<string>).data) as Job;
    if (stopped) return;
    if (isOver(job)) stop();
    tell(job);
  };
  const stop = (): void => {
    stopped = true;
    source.close();
  };
  for (const name of NAMES) source.addEventListener(name, hear);
  source.onerror = () => {
    source.close();
    void poll();
  };
  const poll = async (): Promise<void> => {
    while (!stopped) {
      try {
        const job = await getJob(id);
        if (stopped) return;
        if (isOver(job)) stop();
        tell(job);
      } catch {
        // The server may be back at the next turn; the offline bar tells the rest.
      }
      await new Promise((wait) => setTimeout(wait, POLL_MS));
    }
  };
  return stop;
}

import { signal } from "@preact/signals";
import { Refusal, Unreachable } from "../api/client";
import { t } from "../words";

export interface Notice {
  text: string;
  remedy: string;
}

/** What could not be done, shown under the header until closed; not a toast that goes by itself. */
export const notice = signal<Notice | null>(null);

/** Says what an error means, in words with a remedy. */
export function explain(error: unknown): Notice {
  if (error instanceof Unreachable) return { text: t("offline"), remedy: t("offline_remedy") };
  if (error instanceof Refusal) {
    const text = error.problem.detail || error.problem.title || String(error.status);
    return { text, remedy: error.problem.remedy ?? "" };
  }
  return { text: t("unexpected"), remedy: t("unexpected_remedy") };
}

/** Shows an error; being offline has its own bar. */
export function complain(error: unknown): void {
  if (error instanceof Unreachable) return;
  notice.value = explain(error);
}

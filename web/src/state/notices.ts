import { signal } from "@preact/signals";
import { Refusal, Unreachable } from "../api/client";
import { lang, t } from "../words";

export interface Notice {
  text: string;
  remedy: string;
}

/** What could not be done, shown under the header until closed; not a toast that goes by itself. */
export const notice = signal<Notice | null>(null);

/** Some refusals speak English only; a Chinese page leaves those sentences out and keeps the title. */
const isReadable = (text: string | undefined): boolean => lang.peek() === "en" || /\p{Script=Han}/u.test(text ?? "");

/** Says what an error means, in words with a remedy. */
export function explain(error: unknown): Notice {
  if (error instanceof Unreachable) return { text: t("offline"), remedy: t("offline_remedy") };
  if (error instanceof Refusal) {
    const { title, detail_zh: chinese, remedy } = error.problem;
    const detail = (lang.peek() === "zh" && chinese) || error.problem.detail;
    const told = [title, detail !== title && isReadable(detail) ? detail : undefined];
    return { text: told.filter(Boolean).join(t("s_semicolon")) || String(error.status), remedy: isReadable(remedy) ? (remedy ?? "") : "" };
  }
  return { text: t("unexpected"), remedy: t("unexpected_remedy") };
}

/** Shows an error; being offline has its own bar. */
export function complain(error: unknown): void {
  if (error instanceof Unreachable) return;
  notice.value = explain(error);
}

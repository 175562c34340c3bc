import type { ComponentChildren, JSX } from "preact";
import { Unreachable } from "../api/client";
import { explain } from "../state/notices";
import { t } from "../words";
import { Icon } from "./icon";

/** Nothing here yet, and the next step. */
export function Empty({ text, children }: { text: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="state state-empty">
      <p>{text}</p>
      {children}
    </div>
  );
}

/** The first answer is under way. Later ones keep the old figures and mark them instead. */
export function Loading(): JSX.Element {
  return (
    <div class="state state-loading" role="status">
      <p>{t("loading")}</p>
    </div>
  );
}

/** What went wrong, beside where it went wrong, with what helps. */
export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }): JSX.Element {
  const { text, remedy } = explain(error);
  return (
    <div class="state state-error" role="alert">
      <p>
        <Icon name={error instanceof Unreachable ? "warning" : "error"} /> {text}
      </p>
      {remedy && <p class="note">{remedy}</p>}
      <button type="button" onClick={onRetry}>
        {t("retry")}
      </button>
    </div>
  );
}

/** Marks figures that belong to an earlier question. */
export function OldMark({ old }: { old: boolean }): JSX.Element | null {
  return old ? (
    <span class="old-mark" role="status">
      {t("old_result")}
    </span>
  ) : null;
}

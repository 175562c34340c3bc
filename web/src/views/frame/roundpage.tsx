import type { ComponentChildren, JSX } from "preact";
import type { Summary } from "../../api/types";
import { Empty, Failed, Loading } from "../../parts/states";
import { round, store, summary } from "../../state/data";
import { isWorking, recompute } from "../../state/jobs";
import { open } from "../../state/where";
import { t } from "../../words";

/** A page about a round: where there is none, the next step; else the round's figures, old ones marked. */
export function RoundPage({ children }: { children: (summary: Summary) => ComponentChildren }): JSX.Element {
  const counts = store.data.value?.counts ?? {};
  if (Object.values(counts).every((rows) => rows === 0)) {
    return (
      <Empty text={t("no_lists")}>
        <button type="button" class="primary" onClick={() => open("lists")}>{t("load_lists")}</button>
      </Empty>
    );
  }
  if (round.value === null) {
    return (
      <Empty text={t("no_round")}>
        <button type="button" class="primary" disabled={isWorking.value} onClick={() => void recompute()}>{t("compute")}</button>
      </Empty>
    );
  }
  const shown = summary.data.value;
  if (!shown) return summary.error.value ? <Failed error={summary.error.value} onRetry={summary.reload} /> : <Loading />;
  return <>{children(shown)}</>;
}

import type { ComponentChildren, JSX } from "preact";
import { isOldRound, Refusal } from "../../api/client";
import type { Summary } from "../../api/types";
import { Empty, Failed, Loading } from "../../parts/states";
import { holdsLists, round, summary } from "../../state/data";
import { isWorking, recompute } from "../../state/jobs";
import { explain } from "../../state/notices";
import { redo, saved } from "../../state/undo";
import { dropFilters, isFiltered, open } from "../../state/where";
import { t } from "../../words";

const UNKNOWN_FILTER = [404, 422];

/** No lists: the next step; where they were undone just now, the way back. */
export function NoLists(): JSX.Element {
  const canReturn = saved.value !== null && saved.value.undoneBy !== null;
  return (
    <Empty text={t(canReturn ? "no_lists_undone" : "no_lists")}>
      {canReturn && <button type="button" class="primary" onClick={() => void redo()}>{t("redo")}</button>}
      <button type="button" class={canReturn ? "" : "primary"} onClick={() => open("lists")}>{t("load_lists")}</button>
    </Empty>
  );
}

/** What a round keeps didn't come: where it is too old to be shown, the way to a new one. */
export function NoDocument({ error, onRetry }: { error: unknown; onRetry: () => void }): JSX.Element {
  if (!isOldRound(error)) return <Failed error={error} onRetry={onRetry} />;
  return (
    <Empty text={explain(error).text}>
      <button type="button" class="primary" disabled={isWorking.value} onClick={() => void recompute()}>{t("recompute")}</button>
    </Empty>
  );
}

/** Figures that didn't come: where a filter names nothing that is there, the way out of it. */
export function NoFigures({ error }: { error: unknown }): JSX.Element {
  if (!(isFiltered.value && error instanceof Refusal && UNKNOWN_FILTER.includes(error.status))) return <NoDocument error={error} onRetry={summary.reload} />;
  return (
    <Empty text={t("none_match")}>
      <button type="button" class="primary" onClick={dropFilters}>{t("filter_drop_all")}</button>
    </Empty>
  );
}

/** A page about a round: where there is none, the next step; else the round's figures, old ones marked. */
export function RoundPage({ children }: { children: (summary: Summary) => ComponentChildren }): JSX.Element {
  if (!holdsLists.value) return <NoLists />;
  if (round.value === null) {
    return (
      <Empty text={t("no_round")}>
        <button type="button" class="primary" disabled={isWorking.value} onClick={() => void recompute()}>{t("compute")}</button>
      </Empty>
    );
  }
  const shown = summary.data.value;
  if (!shown) return summary.error.value ? <NoFigures error={summary.error.value} /> : <Loading />;
  return <>{children(shown)}</>;
}

import type { JSX } from "preact";
import { rounds, summary } from "../../state/data";
import { isWorking, recompute } from "../../state/jobs";
import { isKeeping } from "../../state/trial";
import { go, open, where } from "../../state/where";
import { t } from "../../words";

/** Says that the lists have changed since the round shown was made, and the ways on; else nothing. */
export function StaleBar(): JSX.Element | null {
  const shown = summary.data.value;
  // Keeping a number works the round out anew by itself: nothing is to be done meanwhile.
  if (!shown?.stale || isKeeping.value) return null;
  const agreeing = rounds.data.value?.find(({ stale }) => !stale);
  const show = (id: string): void => (where.value.page === "round" ? open("round", { id, round: null }) : go({ round: id }));
  return (
    <p class="stale">
      {t("round_stale")}
      <button type="button" disabled={isWorking.value} onClick={() => void recompute()}>{t("recompute")}</button>
      {agreeing && <button type="button" onClick={() => show(agreeing.id)}>{t("show_agreeing", { id: agreeing.id })}</button>}
    </p>
  );
}

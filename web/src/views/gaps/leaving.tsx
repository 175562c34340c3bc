import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { getBeside } from "../../api/beside";
import { Failed, Loading } from "../../parts/states";
import { round, version } from "../../state/data";
import { labelOf, wantNames } from "../../state/labels";
import { openPanel } from "../../state/panel";
import { resource } from "../../state/resource";
import { num, t } from "../../words";
import { supposePanel } from "../change/suppose";
import { RecordLink } from "../frame/links";

const FEW = 10;

const isOpen = signal(false);
const isAll = signal(false);

const found = resource(() => {
  const shown = round.value;
  version.value;
  // One more than is shown tells whether there are more.
  const limit = isAll.value ? undefined : FEW + 1;
  return shown === null || !isOpen.value ? null : () => getBeside(shown, "if_one_leaves", limit === undefined ? {} : { limit });
});

/** Who would move and who would lose; what the unit promised stays here. */
const tryGone = (unit: string): void => openPanel(supposePanel({ key: `gone/${unit}`, title: t("suppose_gone", { unit: labelOf("units", unit) }), supposed: { gone: [unit] } }));

/** Which units nobody could stand in for, and how many places would be lost with each. */
export function IfOneLeaves(): JSX.Element {
  const answer = found.data.value;
  const shown = answer?.if_one_leaves.slice(0, isAll.value ? undefined : FEW) ?? [];
  useEffect(() => {
    if (answer) wantNames("units", answer.if_one_leaves.map(({ unit }) => unit));
  }, [answer]);
  return (
    <section class="card leaving">
      <details class="spot" onToggle={(event) => { isOpen.value = event.currentTarget.open; }}>
        <summary><span>{t("if_leaves")}</span></summary>
        {found.error.value ? <Failed error={found.error.value} onRetry={found.reload} /> : null}
        {isOpen.value && !answer && !found.error.value && <Loading />}
        {shown.some(({ exact }) => !exact) && <p class="note">{t("if_leaves_least")}</p>}
        {answer && (
          <table class="small-table">
            <caption class="note">{t("if_leaves_note")}</caption>
            <thead><tr><th scope="col">{t("if_leaves_unit")}</th><th scope="col" class="amount">{t("if_leaves_places")}</th><td /></tr></thead>
            <tbody>
              {shown.map(({ unit, places, exact }) => (
                <tr key={unit}>
                  <th scope="row"><RecordLink table="units" id={unit}>{labelOf("units", unit)}</RecordLink></th>
                  <td class="amount">{exact ? num(places) : `≥${num(places)}`}</td>
                  <td><button type="button" class="quiet beside-text" onClick={() => tryGone(unit)}>{t("try_it")}</button></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {answer && answer.if_one_leaves.length > shown.length && <button type="button" onClick={() => { isAll.value = true; }}>{t("if_leaves_all")}</button>}
      </details>
    </section>
  );
}

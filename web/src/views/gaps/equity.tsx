import type { JSX } from "preact";
import { signal } from "@preact/signals";
import { getAccess, type Equity, type ServedShare } from "../../api/plans";
import { Failed, Loading } from "../../parts/states";
import { round, version } from "../../state/data";
import { resource } from "../../state/resource";
import { categoryName, fixed, list, num, t } from "../../words";
import { areaName } from "./names";

const MEASURES = ["2SFCA", "E2SFCA", "3SFCA", "BFCA", "RAAM"];

const isOpen = signal(false);
/** Null: the one that the round's low access rests on. */
const measure = signal<string | null>(null);

const found = resource(() => {
  const shown = round.value;
  version.value;
  const asked = measure.value;
  return shown === null || !isOpen.value ? null : () => getAccess(shown, asked);
});

const percent = (share: number | null): string => (share === null ? t("unknown") : num(100 * share, 1));

/** How evenly needs are served: between places, by category and by whom they are for. */
export function EquityCard({ equity }: { equity: Equity }): JSX.Element | null {
  if (equity.areas.length === 0) return null;
  const { theil_subdistricts: parts, worst, over60 } = equity;
  return (
    <section class="card equity">
      <details class="spot" onToggle={(event) => { isOpen.value = event.currentTarget.open; }}>
        <summary><span>{t("equity_title")}</span><b class="amount">{percent(equity.share)}%</b></summary>
        <p>{t("equity_share", { share: percent(equity.share) })}</p>
        <p>{t("equity_gini", { gini: num(equity.gini, 3), theil: num(equity.theil, 3) })}</p>
        {parts !== null && <p class="note">{t("equity_parts", { between: num(parts.between, 3), within: num(parts.within, 3) })}</p>}
        <p>{t("equity_worst", { part: num(100 * worst.part), areas: list(worst.areas.map(areaName)), share: percent(worst.share) })}</p>
        {over60 !== null && over60.share !== null && <p>{t("equity_over60", { share: percent(over60.share) })}</p>}
        <Shares title={t("equity_of")} rows={equity.by_category} name={categoryName} />
        <Shares title={t("equity_groups")} rows={equity.by_group} name={(group) => group || t("unknown")} />
        <AccessPart usual={equity.access.measure} />
      </details>
    </section>
  );
}

/** What supply needs can count on, by the round's measure or another one. */
function AccessPart({ usual }: { usual: string }): JSX.Element {
  const answer = found.data.value;
  const even = answer?.evenness;
  return (
    <>
      <h3>{t("access_title")}</h3>
      <p class="note">{t("access_note")}</p>
      <label>{t("access_measure")} <select value={measure.value ?? usual} onChange={(event) => { measure.value = event.currentTarget.value; }}>{MEASURES.map((name) => <option key={name} value={name}>{name}</option>)}</select></label>
      {found.error.value ? <Failed error={found.error.value} onRetry={found.reload} /> : null}
      {!answer && !found.error.value && <Loading />}
      {answer && answer.zones.length > 0 && <p class="note">{t("access_zones", { zones: list(answer.zones.map(([end, weight]) => `${num(100 * end)}% × ${num(weight, 2)}`)) })}</p>}
      {answer && answer.measure === "BFCA" && <p class="note">{t("access_part")}</p>}
      {answer && answer.wardrop_gap !== null && <p class="note">{t("access_less", { gap: answer.wardrop_gap.toExponential(1) })}</p>}
      {even && even.gini !== null && <p>{t("access_even", { gini: num(even.gini, 3), part: num(100 * even.worst.part), areas: list(even.worst.areas.map(areaName)), access: num(even.worst.access, 2) })}</p>}
      {answer && (
        <table class="small-table">
          <thead><tr><th scope="col">{t("equity_of")}</th><th scope="col" class="amount">{t("access_title")}</th><th scope="col" class="amount">{t("access_unreached")}</th></tr></thead>
          <tbody>
            {answer.by_category.map(({ category, access, unreached }) => (
              <tr key={category}><td>{categoryName(category)}</td><td class="amount">{access === null ? "—" : fixed(access, 2)}</td><td class="amount">{num(unreached)}</td></tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** The least served first. */
function Shares({ title, rows, name }: { title: string; rows: Record<string, ServedShare>; name: (id: string) => string }): JSX.Element | null {
  const sorted = Object.entries(rows).sort((one, other) => (one[1].share ?? 2) - (other[1].share ?? 2));
  if (sorted.length === 0) return null;
  return (
    <table class="small-table">
      <thead><tr><th scope="col">{title}</th><th scope="col" class="amount">{t("equity_matched")}</th><th scope="col" class="amount">%</th></tr></thead>
      <tbody>
        {sorted.map(([id, { served, wanted, share }]) => (
          <tr key={id}><td>{name(id)}</td><td class="amount">{num(served)}/{num(wanted)}</td><td class="amount">{share === null ? t("unknown") : fixed(100 * share, 1)}</td></tr>
        ))}
      </tbody>
    </table>
  );
}

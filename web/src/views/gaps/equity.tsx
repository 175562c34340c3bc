import type { JSX } from "preact";
import type { Equity, ServedShare } from "../../api/plans";
import { categoryName, list, num, t } from "../../words";
import { areaName } from "./names";

const percent = (share: number | null): string => (share === null ? t("unknown") : num(100 * share, 1));

/** How evenly needs are served: between places, by category and by whom they are for. */
export function EquityCard({ equity }: { equity: Equity }): JSX.Element | null {
  if (equity.areas.length === 0) return null;
  const { theil_subdistricts: parts, worst, over60 } = equity;
  return (
    <section class="card equity">
      <details class="spot">
        <summary><span>{t("equity_title")}</span><b class="amount">{percent(equity.share)}%</b></summary>
        <p>{t("equity_share", { share: percent(equity.share) })}</p>
        <p>{t("equity_gini", { gini: num(equity.gini, 3), theil: num(equity.theil, 3) })}</p>
        {parts !== null && <p class="note">{t("equity_parts", { between: num(parts.between, 3), within: num(parts.within, 3) })}</p>}
        <p>{t("equity_worst", { part: num(100 * worst.part), areas: list(worst.areas.map(areaName)), share: percent(worst.share) })}</p>
        {over60 !== null && over60.share !== null && <p>{t("equity_over60", { share: percent(over60.share) })}</p>}
        <Shares title={t("equity_of")} rows={equity.by_category} name={categoryName} />
        <Shares title={t("equity_groups")} rows={equity.by_group} name={(group) => group || t("unknown")} />
      </details>
    </section>
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
          <tr key={id}><td>{name(id)}</td><td class="amount">{num(served)}/{num(wanted)}</td><td class="amount">{percent(share)}</td></tr>
        ))}
      </tbody>
    </table>
  );
}

import type { JSX } from "preact";
import { ReasonIcon } from "../../parts/icon";
import { Empty } from "../../parts/states";
import { openPanel } from "../../state/panel";
import { dropFilters, where } from "../../state/where";
import { categoryName, REASONS, t } from "../../words";
import { textOf } from "./board";
import { mainReason, type Matrix, type Part } from "./matrix";
import { rowsPanel } from "./rowspanel";

/** The same rows and figures as the board, as lists for a phone: neighbourhoods, then their categories. */
export function PhoneBoard({ matrix }: { matrix: Matrix }): JSX.Element {
  const part = where.value.part as Part;
  const figure = part ?? "unserved";
  const rows = [...matrix.rows].sort((one, other) => other.total[figure] - one.total[figure]);
  if (rows.length === 0) {
    return (
      <Empty text={t("none_match")}>
        <button type="button" onClick={dropFilters}>{t("filter_drop_all")}</button>
      </Empty>
    );
  }
  return (
    <section class="phone-board" aria-label={t("table_caption")}>
      <h2>{t(part === "served" ? "table_caption_served" : "table_caption")}</h2>
      {rows.map((row) => {
        const reason = mainReason(row.total, REASONS);
        return (
          <details key={row.area ?? "-"}>
            <summary>
              <span>{row.name}</span>
              <span class="figure figure-gap">
                {reason && part !== "served" && <ReasonIcon reason={reason} />}
                {textOf(row.total, part)}
              </span>
            </summary>
            <ul>
              {matrix.categories.map((category) => {
                const tally = row.cells[category];
                if (!tally || tally.wanted === 0) return null;
                const own = mainReason(tally, REASONS);
                return (
                  <li key={category}>
                    <button type="button" class="quiet" onClick={() => openPanel(rowsPanel({ area: row.area, category }))}>
                      <span>{categoryName(category)}</span>
                      <span class="figure">
                        {own && part !== "served" && <ReasonIcon reason={own} />}
                        {textOf(tally, part)}
                      </span>
                    </button>
                  </li>
                );
              })}
            </ul>
          </details>
        );
      })}
    </section>
  );
}

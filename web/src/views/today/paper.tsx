import type { JSX } from "preact";
import { where } from "../../state/where";
import { categoryName, t } from "../../words";
import { textOf } from "./board";
import type { Matrix, Part, Tally } from "./matrix";

/** The whole table for the printer: every row and every column, since paper doesn't scroll. */
export function PaperBoard({ matrix }: { matrix: Matrix }): JSX.Element {
  const part = where.value.part as Part;
  const rows = [...matrix.rows].sort((one, other) => other.total.unserved - one.total.unserved);
  const figure = (key: string, tally: Tally | undefined): JSX.Element => (
    <td key={key} class={tally?.unserved ? "figure-gap" : ""}>{textOf(tally, part)}</td>
  );
  return (
    <table class="paper-board">
      <thead>
        <tr>
          <th scope="col">{t(part === "served" ? "table_caption_served" : "table_caption")}</th>
          {matrix.categories.map((category) => <th key={category} scope="col">{categoryName(category)}</th>)}
          <th scope="col">{t("col_total")}</th>
        </tr>
      </thead>
      <tbody>
        {[{ ...matrix.total, name: t("row_total") }, ...rows].map((row) => (
          <tr key={row.area ?? "*"}>
            <th scope="row">{row.name}</th>
            {matrix.categories.map((category) => figure(category, row.cells[category]))}
            {figure("total", row.total)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

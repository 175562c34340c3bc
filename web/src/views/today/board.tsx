import type { JSX, VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { Summary } from "../../api/types";
import { Grid, type GridColumn } from "../../parts/grid";
import { ReasonIcon } from "../../parts/icon";
import { Empty } from "../../parts/states";
import { saveText, toCsv } from "../../parts/rows";
import { openPanel } from "../../state/panel";
import { dropFilters, go, open, select, where } from "../../state/where";
import { categoryName, lang, num, REASONS, t } from "../../words";
import { buildMatrix, mainReason, UNPLACED, type Matrix, type MatrixRow, type Part, type Spot, type Tally } from "./matrix";
import { noteCopied } from "../frame/copied";
import { rowsPanel } from "./rowspanel";

const TOTAL = "total";
const AREA = "area";

/** The selection as it stands in the address: `area:ID`, `cat:ID` or `cell:AREA/CATEGORY`. */
export function spotOf(sel: string | null): Spot | null {
  const [kind, rest = ""] = sel?.split(/:(.*)/s) ?? [];
  if (kind === "area") return { area: rest, category: null };
  if (kind === "cat") return { area: null, category: rest };
  const slash = rest.lastIndexOf("/");
  return kind === "cell" && slash > 0 ? { area: rest.slice(0, slash), category: rest.slice(slash + 1) } : null;
}

function nameOf({ area, category }: Spot): string | null {
  if (area !== null && category !== null) return `cell:${area}/${category}`;
  if (area !== null) return `area:${area}`;
  return category === null ? null : `cat:${category}`;
}

const spotAt = (row: MatrixRow, column: string): Spot => ({
  area: row.area,
  category: column === TOTAL || column === AREA ? null : column,
});

/** The matrix of the round under all filters. */
export function useMatrix(summary: Summary): Matrix {
  const part = where.value.part as Part;
  return useMemo(
    () => buildMatrix(summary.cells, summary.areas, t("unplaced"), part),
    [summary, part, lang.value],
  );
}

/** Neighbourhoods x categories: how many places are unmatched, of how many, and the main reason. */
export function Board({ matrix }: { matrix: Matrix }): JSX.Element {
  const part = where.value.part as Part;
  const selected = where.value.sel;
  const columns = useMemo(() => buildColumns(matrix, part), [matrix, part, lang.value]);
  const pinned = useMemo(() => [{ ...matrix.total, name: t("row_total") }], [matrix, lang.value]);
  if (matrix.rows.length === 0) {
    return (
      <Empty text={t("none_match")}>
        <button type="button" onClick={dropFilters}>{t("filter_drop_all")}</button>
      </Empty>
    );
  }
  return (
    <Grid<MatrixRow>
      label={t(part === "served" ? "table_caption_served" : "table_caption")}
      columns={columns}
      rows={matrix.rows}
      pinnedTop={pinned}
      isWhole
      id={(row) => row.area ?? "*"}
      selected={selected}
      sort={where.value.sort ?? `-${TOTAL}`}
      onSort={(sort) => go({ sort }, "replace")}
      rowClass={(row) => (row.area === null ? "row-pinned" : "")}
      onFocus={(row, column) => select(nameOf(spotAt(row, column)))}
      onOpen={(row, column) => enter(row, column)}
      onWhy={(row, column) => openPanel(rowsPanel(spotAt(row, column)))}
      onCopied={noteCopied}
    />
  );
}

/** The table as a file for Excel: the rows and figures that are shown. */
export function exportBoard(matrix: Matrix): void {
  const columns = buildColumns(matrix, where.value.part as Part);
  saveText("today.csv", toCsv(columns, [{ ...matrix.total, name: t("row_total") }, ...matrix.rows]));
}

function enter(row: MatrixRow, column: string): void {
  const { area, category } = spotAt(row, column);
  if (column === AREA && area !== null && area !== UNPLACED) open("record", { table: "areas", id: area });
  else openPanel(rowsPanel({ area, category }));
}

function buildColumns(matrix: Matrix, part: Part): GridColumn<MatrixRow>[] {
  const figure = (id: string, header: string, tallyOf: (row: MatrixRow) => Tally | undefined): GridColumn<MatrixRow> => ({
    id,
    header,
    isNumber: true,
    text: (row) => textOf(tallyOf(row), part),
    value: (row) => tallyOf(row)?.[part ?? "unserved"] ?? -1,
    cell: (row) => <CellView tally={tallyOf(row)} part={part} />,
    class: (row) => (where.value.sel !== null && where.value.sel === nameOf(spotAt(row, id)) ? "cell-selected" : ""),
  });
  return [
    {
      id: AREA,
      header: t(part === "served" ? "table_caption_served" : "table_caption"),
      text: (row) => row.name,
      pinned: "left",
      width: lang.value === "zh" ? 116 : 176,
      class: (row) => (where.value.sel === `area:${row.area}` ? "cell-selected" : ""),
    },
    ...matrix.categories.map((category) => figure(category, categoryName(category), (row) => row.cells[category])),
    { ...figure(TOTAL, t("col_total"), (row) => row.total), pinned: "right", width: 96 },
  ];
}

/** The plain figure of a cell: `6/11`, or what is wanted where nothing is missing, or nothing. */
export function textOf(tally: Tally | undefined, part: Part): string {
  if (!tally || tally.wanted === 0) return "";
  if (part === "served") return `${num(tally.served)}/${num(tally.wanted)}`;
  return tally.unserved === 0 ? num(tally.wanted) : `${num(tally.unserved)}/${num(tally.wanted)}`;
}

function CellView({ tally, part }: { tally: Tally | undefined; part: Part }): VNode {
  if (!tally) return <></>;
  const reason = part === "served" ? null : mainReason(tally, REASONS);
  return (
    <span class={reason ? "figure figure-gap" : "figure"}>
      {reason && <ReasonIcon reason={reason} />}
      {textOf(tally, part)}
    </span>
  );
}

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { AreaPoint, Cell, Summary } from "../../api/types";
import { useKeys } from "../../keys";
import { Grid, type GridColumn } from "../../parts/grid";
import { ReasonIcon } from "../../parts/icon";
import { saveText, toCsv } from "../../parts/rows";
import { Empty } from "../../parts/states";
import { openPanel } from "../../state/panel";
import { isPhone } from "../../state/prefs";
import { go, open, select, where } from "../../state/where";
import { lang, num, reasonName, t } from "../../words";
import { RoundPage } from "../frame/roundpage";
import { StaleBar } from "../frame/stale";
import { noteCopied } from "../frame/copied";
import { RecordLink } from "../frame/links";
import { type Spot, UNPLACED } from "../today/matrix";
import { rowsPanel } from "../today/rowspanel";
import { useTrialLines } from "./lines";
import { MapView } from "./mapview";
import { TryMore } from "./more";
import { TryStation } from "./station";

/** The map large, and beside it the table of the same rows and figures. */
export function MapPage(): JSX.Element {
  return <RoundPage>{(summary) => <Shown summary={summary} />}</RoundPage>;
}

const byGap = (one: AreaPoint, other: AreaPoint): number => other.unserved - one.unserved || other.wanted - one.wanted || one.name.localeCompare(other.name);

const TOTAL = "*";
/** What a row that stands for no neighbourhood of its own has in common with one. */
const NOWHERE: AreaPoint = { id: UNPLACED, name: "", lon: null, lat: null, precision: "unknown", population: null, over60: null, wanted: 0, unserved: 0, reason: null };

const isArea = (row: AreaPoint): boolean => row.id !== TOTAL && row.id !== UNPLACED;
const spotOfRow = (row: AreaPoint): Spot => ({ area: row.id === TOTAL ? null : row.id, category: null });

/** The figures of cells as those of one row. */
function sumOf(cells: Cell[], row: AreaPoint): AreaPoint {
  const sum = { ...row };
  const byReason: Record<string, number> = {};
  for (const cell of cells) {
    sum.wanted += cell.wanted;
    sum.unserved += cell.unserved;
    for (const [reason, places] of Object.entries(cell.by_reason)) byReason[reason] = (byReason[reason] ?? 0) + places;
  }
  sum.reason = Object.entries(byReason).sort((one, other) => other[1] - one[1])[0]?.[0] ?? null;
  return sum;
}

/** Neighbourhoods where something is needed, and what has none, so that the rows add up to the whole. */
function buildRows({ areas, cells }: Summary): AreaPoint[] {
  const known = new Set(areas.map(({ id }) => id));
  const nowhere = sumOf(cells.filter(({ area }) => area === null || !known.has(area)), { ...NOWHERE, name: t("unplaced") });
  return [...areas, nowhere].filter(({ wanted }) => wanted > 0).sort(byGap);
}

function Shown({ summary }: { summary: Summary }): JSX.Element {
  const lines = useTrialLines();
  const rows = useMemo(() => buildRows(summary), [summary, lang.value]);
  const pinned = useMemo(() => [sumOf(summary.cells, { ...NOWHERE, id: TOTAL, name: t("row_total") })], [summary, lang.value]);
  const columns = useMemo(() => buildColumns(), [lang.value]);
  useKeys({ m: () => open("today", { sel: where.value.sel }) });
  return (
    <div class="map-page">
      <StaleBar />
      <div class="map-large">
        <MapView summary={summary} lines={lines} />
      </div>
      <section class="map-table" aria-label={t("map_table")}>
        {rows.length === 0 ? (
          <Empty text={t("none_match")} />
        ) : isPhone.value ? (
          <PhoneRows rows={rows} />
        ) : (
          <Grid<AreaPoint>
            label={t("map_table")}
            columns={columns}
            rows={rows}
            pinnedTop={pinned}
            rowClass={(row) => (row.id === TOTAL ? "row-pinned" : "")}
            id={(row) => row.id}
            selected={where.value.sel}
            sort={where.value.sort}
            onSort={(sort) => go({ sort }, "replace")}
            onFocus={(row) => select(row.id === TOTAL ? null : `area:${row.id}`)}
            onOpen={(row) => (isArea(row) ? open("record", { table: "areas", id: row.id }) : openPanel(rowsPanel(spotOfRow(row))))}
            onWhy={(row) => openPanel(rowsPanel(spotOfRow(row)))}
            onCopied={noteCopied}
          />
        )}
        <SelectedPlace summary={summary} onExport={() => saveText("map.csv", toCsv(columns, [...pinned, ...rows]))} />
      </section>
    </div>
  );
}

function buildColumns(): GridColumn<AreaPoint>[] {
  const isSelected = (row: AreaPoint): string => (where.value.sel === `area:${row.id}` ? "cell-selected" : "");
  return [
    { id: "name", header: t("col_area"), text: (row) => row.name, flex: 1, minWidth: lang.value === "zh" ? 88 : 124, class: isSelected },
    { id: "unserved", header: t("col_unserved"), text: (row) => num(row.unserved), value: (row) => row.unserved, isNumber: true, width: lang.value === "zh" ? 84 : 104, class: isSelected },
    { id: "wanted", header: t("col_wanted"), text: (row) => num(row.wanted), value: (row) => row.wanted, isNumber: true, width: lang.value === "zh" ? 72 : 84, class: isSelected },
    {
      id: "reason", header: t("filter_reason"), width: lang.value === "zh" ? 144 : 188, class: isSelected,
      text: (row) => (row.unserved > 0 && row.reason ? reasonName(row.reason) : ""),
      cell: (row) => (row.unserved > 0 && row.reason ? <ReasonIcon reason={row.reason} named /> : ""),
    },
  ];
}

function PhoneRows({ rows }: { rows: AreaPoint[] }): JSX.Element {
  return (
    <ul class="touch-list">
      {rows.map((row) => (
        <li key={row.id}>
          <button type="button" class="quiet" aria-pressed={where.value.sel === `area:${row.id}`} onClick={() => select(`area:${row.id}`)}>
            <span>{row.name}</span>
            <span class="figure figure-gap">
              {row.unserved > 0 && row.reason && <ReasonIcon reason={row.reason} />}
              {num(row.unserved)}/{num(row.wanted)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What is selected on the map or in the table, in words, and the ways on. */
function SelectedPlace({ summary, onExport }: { summary: Summary; onExport: () => void }): JSX.Element {
  const [kind, id] = where.value.sel?.split(/:(.*)/s) ?? [];
  const area = kind === "area" ? summary.areas.find((place) => place.id === id) : undefined;
  const unit = kind === "unit" ? summary.units.find((place) => place.id === id) : undefined;
  return (
    <p class="selected-line">
      {area && (
        <>
          <RecordLink table="areas" id={area.id}>{area.name}</RecordLink>
          <b>{t("map_area_wants", { wanted: area.wanted, unserved: area.unserved })}</b>
          {area.lon === null ? <span class="note">{t("map_no_point")}</span> : <TryStation id={area.id} />}
          <button type="button" class="quiet" onClick={() => openPanel(rowsPanel({ area: area.id, category: null }))}>{t("selected_why")}</button>
          <button type="button" class="quiet" onClick={() => go({ area: area.id })}>{t("only_these")}</button>
        </>
      )}
      {unit && (
        <>
          <RecordLink table="units" id={unit.id}>{unit.name}</RecordLink>
          <b>{t("map_unit_gives", { n: unit.used })}</b>
          {unit.lon === null ? <span class="note">{t("map_no_point")}</span> : <TryStation id={unit.id} />}
          <TryMore unit={unit.id} name={unit.name} />
          <button type="button" class="quiet" onClick={() => open("round", { unit: unit.id })}>{t("selected_rows")}</button>
        </>
      )}
      <button type="button" class="quiet at-end" onClick={onExport}>{t("export_shown")}</button>
    </p>
  );
}

import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Picture } from "../../api/network";
import { Grid, type GridColumn } from "../../parts/grid";
import { saveText, toCsv } from "../../parts/rows";
import { Empty } from "../../parts/states";
import { isPhone } from "../../state/prefs";
import { RECORD_TABLES } from "../../state/url";
import { go, open, where } from "../../state/where";
import { lang, num, t } from "../../words";
import { noteCopied } from "../frame/copied";
import { digitsOf, findRows, type PartyRow, type Range } from "./shapes";

interface TableProps {
  drawn: Picture;
  rows: PartyRow[];
  selected: number | null;
  measureName: string;
  groupName: string;
  /** What those whom a party is tied to are called. */
  partnersName: string;
  onSelect: (row: number | null) => void;
  /** A click or Space; the table keeps the focus. */
  onOpen: (row: number) => void;
}

/** The same parties, groups, sizes and ties as a table that can be searched, sorted and walked by keys. */
export function PartyTable(props: TableProps): JSX.Element {
  const [asked, setAsked] = useState("");
  const { drawn, rows, selected, measureName, groupName, partnersName } = props;
  const hasRanges = rows.some(({ range }) => range !== null);
  const columns = useMemo(
    () => buildColumns({ drawn, measureName, groupName, partnersName, hasRanges }),
    [drawn, measureName, groupName, partnersName, hasRanges, lang.value, where.value.colour],
  );
  const found = useMemo(() => findRows(rows, asked), [rows, asked]);
  return (
    <section class="map-table network-table" aria-label={t("net_table")}>
      <label class="network-find">
        <span class="hidden">{t("net_find")}</span>
        <input type="search" autocomplete="off" placeholder={t("net_find")} value={asked} onInput={(event) => setAsked(event.currentTarget.value)} />
      </label>
      {found.length === 0 ? (
        <Empty text={t("search_none")} />
      ) : isPhone.value ? (
        <PhoneRows rows={found} selected={selected} onOpen={props.onOpen} />
      ) : (
        <Grid<PartyRow>
          label={t("net_table")}
          columns={columns}
          rows={found}
          id={(row) => row.party.id}
          selected={where.value.sel}
          sort={where.value.sort}
          onSort={(sort) => go({ sort }, "replace")}
          onFocus={({ row }) => props.onSelect(row)}
          onClick={({ row }) => props.onOpen(row)}
          onWhy={({ row }) => props.onOpen(row)}
          onOpen={({ party: { table, id } }) => table !== null && (RECORD_TABLES as readonly string[]).includes(table) && open("record", { table, id })}
          onCopied={noteCopied}
        />
      )}
      <p class="selected-line">
        <span role="status" class={isPhone.value ? "hidden" : ""}>{selectedText(props)}</span>
        <button type="button" class="quiet at-end" onClick={() => saveText("network.csv", toCsv(columns, found))}>{t("net_export")}</button>
      </p>
    </section>
  );
}

function selectedText({ rows, selected }: TableProps): string {
  const row = selected === null ? undefined : rows.find((one) => one.row === selected);
  return row ? t("net_tied", { name: row.party.name, n: row.partners.length }) : "";
}

const shortNum = (value: number | null): string => (value === null ? t("unknown") : num(value, digitsOf(value)));

const shortRange = ([from, to]: Range): string => (to === null ? t("net_range_least", { from: shortNum(from) }) : t("net_range", { from: shortNum(from), to: shortNum(to) }));

interface Heads extends Pick<TableProps, "drawn" | "measureName" | "groupName" | "partnersName"> {
  /** Whether lists that go on leave any number open. */
  hasRanges: boolean;
}

function buildColumns({ drawn, measureName, groupName, partnersName, hasRanges }: Heads): GridColumn<PartyRow>[] {
  const isProposed = where.peek().colour === "group";
  const isSelected = (row: PartyRow): string => (where.peek().sel?.endsWith(`:${row.party.id}`) ? "cell-selected" : "");
  const width = lang.value === "zh" || isProposed ? 96 : 128;
  return [
    { id: "name", header: t("net_party"), text: ({ party }) => party.name, flex: 3, minWidth: 120, class: isSelected },
    { id: "value", header: measureName, text: ({ value }) => shortNum(value), value: ({ value }) => value, isNumber: true, width, class: isSelected },
    ...(hasRanges
      ? [{ id: "range", header: t("net_may"), text: ({ range }: PartyRow) => (range ? shortRange(range) : ""), value: ({ range }: PartyRow) => range && (range[1] ?? Infinity), isNumber: true, width: RANGE_PX, class: isSelected }]
      : []),
    { id: "group", header: groupName, text: ({ group }) => group, ...(isProposed ? { width: 88 } : { flex: 2, minWidth: 88 }), class: isSelected },
    ...(isProposed ? [{ id: "change", header: t("net_change"), text: ({ change }: PartyRow) => change ?? "", flex: 3, minWidth: 120, class: isSelected }] : []),
    {
      id: "partners", header: partnersName, flex: isProposed ? 2 : 3, minWidth: 88, class: isSelected,
      text: ({ partners }) => partners.map(({ row, weight }) => `${drawn.parties[row]?.name ?? ""}${weight > 1 ? t("net_times", { n: weight }) : ""}`).join(t("s_semicolon")),
      value: ({ partners }) => partners.length,
    },
  ];
}

function PhoneRows({ rows, selected, onOpen }: { rows: PartyRow[]; selected: number | null; onOpen: (row: number) => void }): JSX.Element {
  const [most, setMost] = useState(PHONE_ROWS);
  const left = rows.length - most;
  return (
    <>
      <ul class="touch-list">
        {rows.slice(0, most).map(({ row, party, group, value, range, change }) => (
          <li key={party.id}>
            <button type="button" class="quiet" aria-pressed={row === selected} onClick={() => onOpen(row)}>
              <span>{party.name} <span class="note">{[group, change].filter(Boolean).join(" · ")}</span></span>
              <span class="figure">{shortNum(value)}{range && <span class="note" data-range>{shortRange(range)}</span>}</span>
            </button>
          </li>
        ))}
      </ul>
      {left > 0 && <button type="button" onClick={() => setMost(most + PHONE_ROWS)}>{t("net_more", { n: Math.min(left, PHONE_ROWS) })}</button>}
    </>
  );
}

const PHONE_ROWS = 60;
const RANGE_PX = 104;

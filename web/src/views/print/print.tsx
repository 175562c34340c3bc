import type { JSX, TargetedMouseEvent } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { getClaimSheets, type ClaimSheets, type SheetRow } from "../../api/cards";
import { useKeys } from "../../keys";
import { Empty, Loading } from "../../parts/states";
import { round, store, version } from "../../state/data";
import { resource } from "../../state/resource";
import { addressOf, go, open, where } from "../../state/where";
import { lang, num, t } from "../../words";
import { NoDocument } from "../frame/roundpage";
import { StaleBar } from "../frame/stale";
import { fillPages } from "./paging";

type Sheet = ClaimSheets["sheets"][number];

const sheets = resource(() => {
  const shown = round.value;
  const { page, by } = where.value;
  version.value;
  return page !== "print" || shown === null ? null : () => getClaimSheets(by ?? "unit", shown);
});

/** The rows of each page of each sheet, as measured for an answer in a language. */
interface Measured {
  of: ClaimSheets;
  lang: string;
  pages: ReadonlyMap<string, number[][]>;
}

const NOT_MEASURED: ReadonlyMap<string, number[][]> = new Map();

/** Claim sheets (认领表) as they come out of the printer: A4 upright, one unit a sheet. */
export function PrintPage(): JSX.Element {
  const found = sheets.data.value;
  useKeys({ p: () => print(), Escape: () => open("round") });
  if (sheets.error.value && !found) return <NoDocument error={sheets.error.value} onRetry={sheets.reload} />;
  if (store.data.value && round.value === null) {
    return (
      <Empty text={t("no_round")}>
        <button type="button" onClick={() => open("today")}>{t("to_today")}</button>
      </Empty>
    );
  }
  if (!found) return <Loading />;
  return <Sheets found={found} />;
}

function Sheets({ found }: { found: ClaimSheets }): JSX.Element {
  const [measured, setMeasured] = useState<Measured | null>(null);
  const chosen = where.value.unit;
  const shown = chosen === null ? found.sheets : found.sheets.filter(({ id }) => id === chosen);
  const pages = measured?.of === found && measured.lang === lang.value ? measured.pages : NOT_MEASURED;
  const note = (sheet: Sheet, rows: number[][]): void =>
    setMeasured((known) => {
      const before = known?.of === found && known.lang === lang.value ? known.pages : NOT_MEASURED;
      return { of: found, lang: lang.value, pages: new Map(before).set(keyOf(sheet), rows) };
    });
  const count = shown.reduce((sum, sheet) => sum + (pages.get(keyOf(sheet))?.length ?? 1), 0);
  return (
    <div class="print-page">
      <div class="print-bar">
        <a href={addressOf("round")} onClick={(event) => follow(event, () => open("round"))}>{t("page_round")}</a>
        <span class="langs" role="group" aria-label={t("print_sheets")}>
          {(["unit", "area"] as const).map((by) => (
            <button key={by} type="button" class="chip" aria-pressed={found.by === by} onClick={() => go({ by, unit: null })}>{t(by === "unit" ? "print_by_unit" : "print_by_area")}</button>
          ))}
        </span>
        <span>{t("sheets_count", { n: shown.length, pages: count })}</span>
        <button type="button" class="primary" disabled={pages.size < shown.length} onClick={() => print()}>{t("print_now")}</button>
      </div>
      <StaleBar />
      {shown.length === 0 && <Empty text={t("sheets_none")} />}
      {shown.map((sheet) => (
        <SheetPages
          key={`${keyOf(sheet)}/${lang.value}`}
          sheet={sheet}
          found={found}
          pages={pages.get(keyOf(sheet)) ?? null}
          onMeasured={(rows) => note(sheet, rows)}
        />
      ))}
    </div>
  );
}

const keyOf = (sheet: Sheet): string => sheet.id ?? "-";

function follow(event: TargetedMouseEvent<HTMLAnchorElement>, act: () => void): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  act();
}

interface SheetProps {
  sheet: Sheet;
  found: ClaimSheets;
  pages: number[][] | null;
  onMeasured: (pages: number[][]) => void;
}

/** So much is kept free on each page, since a printer's fonts may be a little larger than the screen's. */
const SLACK_PX = 24;

/** A sheet: first measured on one long page, then laid on as many as it needs, the header on each. */
function SheetPages({ sheet, found, pages, onMeasured }: SheetProps): JSX.Element {
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (pages !== null || !box.current) return;
    const height = (selector: string): number => box.current?.querySelector(selector)?.getBoundingClientRect().height ?? 0;
    const style = getComputedStyle(box.current);
    const paper = Number.parseFloat(style.minHeight) - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom);
    const fixed = height(".sheet-top") + height("thead") + height(".sheet-foot") + SLACK_PX;
    const heights = [...box.current.querySelectorAll("tbody tr")].map((row) => row.getBoundingClientRect().height);
    onMeasured(fillPages(heights, paper - fixed, paper - fixed - height(".sheet-end")));
  }, [pages]);
  const laid = pages ?? [sheet.rows.map((_, at) => at)];
  return (
    <>
      {laid.map((rows, at) => (
        <article key={at} class="sheet-page" ref={at === 0 ? box : undefined} aria-label={sheet.name}>
          <SheetTop sheet={sheet} found={found} />
          <SheetTable sheet={sheet} rows={rows} by={found.by} />
          {at === laid.length - 1 && <SheetEnd sheet={sheet} />}
          <p class="sheet-foot">
            <span>{t("sheet_round", { round: found.round, from: found.period.from, to: found.period.to, revision: found.revision })}</span>
            <span>{t("sheet_page", { page: at + 1, pages: laid.length })}</span>
          </p>
        </article>
      ))}
    </>
  );
}

function SheetTop({ sheet, found }: { sheet: Sheet; found: ClaimSheets }): JSX.Element {
  return (
    <header class="sheet-top">
      <h2>{t("sheet_title")}</h2>
      <p><b>{t(found.by === "unit" ? "sheet_unit" : "sheet_area")}</b> {sheet.name}{found.by === "unit" && lang.value === "zh" && sheet.kind ? <span class="sheet-kind">{sheet.kind}</span> : null}</p>
    </header>
  );
}

function SheetTable({ sheet, rows, by }: { sheet: Sheet; rows: number[]; by: "unit" | "area" }): JSX.Element {
  return (
    <table class="claims">
      <thead>
        <tr>
          <th class="c-no">{t("sheet_no")}</th>
          <th class="c-area">{t(by === "unit" ? "sheet_area" : "sheet_unit")}</th>
          <th class="c-cat">{t("filter_category")}</th>
          <th>{t("sheet_what")}</th>
          <th class="c-places">{t("col_places")}</th>
          <th class="c-times">{t("sheet_times")}</th>
          <th class="c-note">{t("sheet_note")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((at) => {
          const row: SheetRow | undefined = sheet.rows[at];
          if (!row) return null;
          return (
            <tr key={at}>
              <td class="c-no">{at + 1}</td>
              <td>{by === "unit" ? (row.area_name ?? t("unplaced")) : row.unit_name}</td>
              <td>{(lang.value === "zh" ? row.category : row.category_en) ?? ""}</td>
              <td>{row.title}</td>
              <td class="c-places">{num(row.places)}</td>
              <td>{lang.value === "zh" ? row.times_zh : row.times_en}</td>
              <td>{lang.value === "zh" ? row.note : row.note_en}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function SheetEnd({ sheet }: { sheet: Sheet }): JSX.Element {
  return (
    <div class="sheet-end">
      <p>{t("sheet_total", { n: sheet.total_places })}</p>
      <p class="sheet-sign">
        <span>{t("sheet_sign")}<i /></span>
        <span>{t("sheet_date")}<i /></span>
      </p>
    </div>
  );
}

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { getRows } from "../../api/calls";
import type { Page, Row, Summary } from "../../api/types";
import { useKeys } from "../../keys";
import { saveText, toCsv } from "../../parts/rows";
import { Empty, Failed, Loading, OldMark } from "../../parts/states";
import { round, version } from "../../state/data";
import { openPanel, panel } from "../../state/panel";
import { isPhone } from "../../state/prefs";
import { resource } from "../../state/resource";
import { dropFilters, filters, go, open, select, where } from "../../state/where";
import { lang, num, t } from "../../words";
import { RoundPage } from "../frame/roundpage";
import { isCurrent, numberPanel, refusePanel } from "./act";
import { RoundHead } from "./head";
import { buildColumns, LineGrid, PhoneLines } from "./lines";
import { isLocked, lockLine, releaseLine } from "./pledges";
import { linesOf, targetOf, type Line } from "./reasons";
import { whyPanel } from "./why";

const PAGE = 1000;

/** Rows of the round under all filters, page by page. */
const rows = resource(() => {
  const shown = round.value;
  const { page, unit } = where.value;
  const asked = filters.value;
  version.value;
  return shown === null || page !== "round" ? null : () => getRows(shown, { ...asked, unit: unit ?? undefined, limit: PAGE });
});

/** Who serves whom, and why. */
export function RoundView(): JSX.Element {
  return <RoundPage>{(summary) => <Shown summary={summary} />}</RoundPage>;
}

function Shown({ summary }: { summary: Summary }): JSX.Element {
  const [more, setMore] = useState<Row[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const first: Page<Row> | null = rows.data.value;
  const part = where.value.part;
  useEffect(() => {
    setMore([]);
    setNext(first?.next ?? null);
  }, [first]);
  const lines = useMemo(() => linesOf([...(first?.items ?? []), ...more], part), [first, more, part, lang.value]);
  const columns = useMemo(() => buildColumns(), [lang.value]);
  useEffect(() => {
    // The address names the round, so that it can be sent to somebody.
    if (where.value.id === null || where.value.id === "current") go({ id: summary.round, round: null }, "replace");
  }, [where.value.id, summary.round]);
  const current = useRef<Line | null>(null);
  useLayoutEffect(() => {
    current.current = lines.find((line) => isCurrent(line)) ?? null;
  }, [lines]);

  const showWhy = (line: Line): void => openPanel({ ...whyPanel(line.row), isBeside: true });
  const choose = (line: Line): void => {
    current.current = line;
    const { table, id } = targetOf(line.row);
    select(`${table.slice(0, -1)}:${id}`);
    if (panel.value?.isBeside) showWhy(line);
  };
  const onKey = (key: string, line: Line): boolean => {
    if (key === "e") void numberPanel(line).then(openPanel);
    else if (key === "l") void (isLocked(line) ? releaseLine(line) : lockLine(line));
    else if (key === "x") openPanel(refusePanel(line));
    else return false;
    return true;
  };
  const reach = (act: (line: Line) => void) => (): void | false => (current.current ? act(current.current) : false);
  useKeys({
    m: () => open("map", { sel: where.value.sel }),
    p: () => open("print", { table: "claims", by: "unit" }),
    e: reach((line) => onKey("e", line)),
    l: reach((line) => onKey("l", line)),
    x: reach((line) => onKey("x", line)),
    Space: reach((line) => openPanel(whyPanel(line.row))),
  });
  const load = async (): Promise<void> => {
    if (round.value === null || next === null) return;
    const page = await getRows(round.value, { ...filters.value, unit: where.value.unit ?? undefined, limit: PAGE, cursor: next });
    setMore([...more, ...page.items]);
    setNext(page.next);
  };

  return (
    <div class="round-page">
      <RoundHead summary={summary} />
      {rows.error.value !== null && <Failed error={rows.error.value} onRetry={rows.reload} />}
      {!first ? (
        rows.error.value === null && <Loading />
      ) : lines.length === 0 ? (
        <Empty text={t("none_match")}>
          <button type="button" onClick={dropFilters}>{t("filter_drop_all")}</button>
        </Empty>
      ) : isPhone.value ? (
        <PhoneLines lines={lines} onWhy={(line) => openPanel(whyPanel(line.row))} />
      ) : (
        <div class="round-grid">
          <LineGrid lines={lines} columns={columns} onFocus={choose} onOpen={(line) => open("record", targetOf(line.row))} onClick={showWhy} onWhy={(line) => openPanel(whyPanel(line.row))} onKey={onKey} />
        </div>
      )}
      <p class="selected-line">
        <span class="note">{first ? t("round_rows", { n: lines.length, places: lines.reduce((sum, line) => sum + line.places, 0) }) : ""}</span>
        <OldMark old={rows.old.value && first !== null} />
        {next !== null && first && <button type="button" onClick={() => void load()}>{t("show_more", { n: first.total - first.items.length - more.length })}</button>}
        <button type="button" class="quiet at-end" onClick={() => saveText("round.csv", toCsv(columns, lines))}>{t("export_shown")}</button>
      </p>
      {where.value.unit !== null && <p class="note">{t("round_of_unit", { n: num(lines.reduce((sum, line) => sum + (line.given?.unit === where.value.unit ? line.places : 0), 0)) })} <button type="button" class="quiet" onClick={() => go({ unit: null })}>{t("filter_drop_all")}</button></p>}
    </div>
  );
}

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { getRows } from "../../api/calls";
import type { Page, Row } from "../../api/types";
import { ReasonIcon, WarningIcon } from "../../parts/icon";
import { Empty, Failed, Loading } from "../../parts/states";
import { names, round, version } from "../../state/data";
import type { PanelContent } from "../../state/panel";
import { filters, where } from "../../state/where";
import { categoryName, num, t, termName } from "../../words";
import { RecordLink } from "../frame/links";
import { type Spot, UNPLACED } from "./matrix";

const AT_ONCE = 50;
const MOST = 1000;

/** The panel that says why: the needs behind a cell, the unmatched first, each with its reason or its unit. */
export function rowsPanel(spot: Spot): PanelContent {
  const area = spot.area === null ? null : spot.area === UNPLACED ? t("unplaced") : (names.value.get(spot.area) ?? spot.area);
  const category = spot.category === null ? null : categoryName(spot.category);
  return {
    key: `rows/${spot.area ?? ""}/${spot.category ?? ""}`,
    title: [area, category].filter((name) => name !== null).join("·") || t("col_total"),
    body: () => <Rows spot={spot} />,
  };
}

function Rows({ spot }: { spot: Spot }): JSX.Element {
  const [page, setPage] = useState<Page<Row> | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [limit, setLimit] = useState(AT_ONCE);
  const shown = round.value;
  const { reason, priority } = filters.value;
  const isUnplaced = spot.area === UNPLACED;
  const area = isUnplaced ? undefined : (spot.area ?? where.value.area ?? undefined);
  const cat = spot.category ?? where.value.cat ?? undefined;
  const look = (): void => {
    if (shown === null) return;
    setError(null);
    getRows(shown, { area, cat, reason, priority, sort: "-unserved", limit: isUnplaced ? MOST : limit }).then(
      (found) => setPage(isUnplaced ? withoutArea(found) : found),
      setError,
    );
  };
  useEffect(look, [shown, version.value, area, cat, reason, priority, limit]);
  if (error) return <Failed error={error} onRetry={look} />;
  if (!page) return <Loading />;
  if (page.items.length === 0) return <Empty text={t("none_match")} />;
  const needs = page.items.filter((row) => row.kind === "need");
  const projects = page.items.filter((row) => row.kind !== "need");
  return (
    <>
      <ul class="need-list">
        {needs.map((row) => <NeedItem key={row.need} row={row} />)}
      </ul>
      {projects.length > 0 && <h3>{termName("project")}</h3>}
      <ul class="need-list">
        {projects.map((row) => <NeedItem key={row.project} row={row} />)}
      </ul>
      {page.total > page.items.length && (
        <button type="button" onClick={() => setLimit(limit + AT_ONCE)}>{t("show_more", { n: page.total - page.items.length })}</button>
      )}
    </>
  );
}

/** The API has no filter for what has no area: it is left over here. */
function withoutArea(page: Page<Row>): Page<Row> {
  const items = page.items.filter((row) => row.area === null);
  return { items, next: null, total: items.length };
}

function NeedItem({ row }: { row: Row }): JSX.Element {
  const [table, id] = row.need ? (["needs", row.need] as const) : (["projects", row.project ?? ""] as const);
  return (
    <li>
      <p class="need-head">
        <RecordLink table={table} id={id}>{row.title || id}</RecordLink>
        {row.group && <span class="note">{row.group}</span>}
        <span class="amount">{row.unserved > 0 ? `${num(row.unserved)}/${num(row.quantity)}` : num(row.quantity)}</span>
      </p>
      {row.reason && <p><ReasonIcon reason={row.reason} named /></p>}
      {row.assignments.map((given) => (
        <p key={`${given.unit}/${given.offer ?? ""}`} class="note">
          {given.unit_name}×{num(given.places)}
          {t("s_comma")}
          {given.distance_m === null ? t("distance_unknown") : t(given.estimate ? "metres_about" : "metres", { n: Math.round(given.distance_m) })}
          {given.assumed && <WarningIcon warning="assumed" named />}
        </p>
      ))}
    </li>
  );
}

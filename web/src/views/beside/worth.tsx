import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LessPlace, MorePlace } from "../../api/beside";
import { labelOf, wantNames } from "../../state/labels";
import { openPanel, type PanelContent } from "../../state/panel";
import { t, type PageWord } from "../../words";
import { supposePanel } from "../change/suppose";
import { RecordLink } from "../frame/links";
import { besidePanel } from "./panel";

const AT_FIRST = 5;

type Row = MorePlace | LessPlace;

const KIND: Record<Row["kind"], PageWord> = {
  offer: "worth_offer",
  total: "worth_total",
  offer_and_total: "worth_both",
  max_claims: "worth_claims",
  max_claims_and_total: "worth_claims_both",
};

/** Where the trial's panel leads back to; null: it was opened from a page. */
type Back = (() => PanelContent) | null;

interface PlacesProps {
  more: MorePlace[];
  less: LessPlace[];
  back?: Back;
}

/** Where one place more would help most, and where one less would cost most. */
export function PlacesPart({ more, less, back = besidePanel }: PlacesProps): JSX.Element {
  const [shown, setShown] = useState(AT_FIRST);
  useEffect(() => {
    wantNames("offers", [...more, ...less].flatMap(({ offer }) => offer ?? []));
    wantNames("units", [...more, ...less].map(({ unit }) => unit));
  }, [more, less]);
  return (
    <>
      {more.length === 0 ? <p>{t("worth_nowhere")}</p> : <ul class="why-list">{more.slice(0, shown).map((row) => <Place key={keyOf(row)} row={row} back={back} />)}</ul>}
      {more.length > shown && <button type="button" class="quiet" onClick={() => setShown(more.length)}>{t("show_more", { n: more.length - shown })}</button>}
      {less.length > 0 && (
        <details class="spot">
          <summary><span>{t("worth_missed")}</span></summary>
          <ul class="why-list">{less.map((row) => <Place key={keyOf(row)} row={row} back={back} />)}</ul>
        </details>
      )}
    </>
  );
}

const keyOf = ({ kind, offer, unit }: Row): string => `${kind}/${offer}/${unit}`;

function Place({ row, back }: { row: Row; back: Back }): JSX.Element {
  const { offer, unit, kind } = row;
  const loss = "one_less" in row ? row.one_less : row;
  return (
    <li>
      <p class="sign-pair">
        <span>
          <RecordLink table="units" id={unit}>{labelOf("units", unit)}</RecordLink>
          {offer !== null && <> <RecordLink table="offers" id={offer}>{labelOf("offers", offer)}</RecordLink></>}
          <span class="note"> {t(KIND[kind])}</span>
        </span>
        <TryButton row={row} back={back} />
      </p>
      {"cost_saved" in row && <p>{t("worth_more", { what: worth(row.more_priority, row.less_priority, row.cost_saved) })}</p>}
      {loss !== null && <p class={"cost_saved" in row ? "note" : ""}>{t("worth_less", { what: worth(loss.instead_priority, loss.lost_priority, -loss.cost) })}</p>}
    </li>
  );
}

/** Who would be served with one place more there. */
function TryButton({ row: { kind, offer, unit }, back }: { row: Row; back: Back }): JSX.Element | null {
  if (kind !== "total" && offer === null) return null;
  const [table, id] = kind === "total" || offer === null ? (["units", unit] as const) : (["offers", offer] as const);
  const title = labelOf("units", unit);
  const open = (): void => openPanel(supposePanel({
    key: `more/${table}/${id}`, title: t("suppose_more", { name: offer === null ? title : `${title} ${labelOf("offers", offer)}` }),
    supposed: { more: [{ table, id }] }, change: { table, id, title, field: "capacity" }, ...(back ? { back } : {}),
  }));
  return <button type="button" class="quiet beside-text" onClick={open}>{t("try_it")}</button>;
}

/** A place more of one priority, one less of another, and metres saved: what of it there is. */
function worth(more: number | null, less: number | null, saved: number): string {
  const parts = more === less ? [] : [more === null ? "" : t("worth_serves", { priority: more }), less === null ? "" : t("worth_loses", { priority: less })];
  if (saved !== 0) parts.push(t(saved > 0 ? "worth_saves" : "worth_costs", { metres: Math.abs(saved) }));
  return parts.filter(Boolean).join(t("s_comma")) || t("worth_nothing");
}

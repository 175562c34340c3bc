import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Gap, Nearest, TimesApart } from "../../api/plans";
import { Icon, WarningIcon } from "../../parts/icon";
import { draftAlone } from "../../state/drafts";
import { labelOf, wantNames } from "../../state/labels";
import { openPanel } from "../../state/panel";
import { open, select } from "../../state/where";
import { andMore, categoryName, countOf, list, num, t, valueName, type PageWord } from "../../words";
import { changePanel } from "../change/panel";
import { RecordLink } from "../frame/links";
import { CertificateTable } from "../round/certificate";
import { declineName } from "../round/declines";
import { areaName } from "./names";
import { FixLine, NoFix } from "./next";

const NAMED_AREAS = 3;
const MISSING: Record<string, PageWord> = {
  category: "missing_category", measure: "missing_measure", people: "missing_people", tags: "missing_tags", party: "missing_party",
};

const MISSING_YUAN: Record<string, PageWord> = {
  category: "yuan_category", measure: "yuan_measure", people: "yuan_people", tags: "yuan_tags", party: "yuan_party",
};

interface GapProps {
  gap: Gap;
  /** What it counts is money (元). */
  isMoney: boolean;
}

/** One gap: how much, of what, where, and what would close it. */
export function GapItem({ gap, isMoney }: GapProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const areas = Object.entries(gap.by_area).sort((one, other) => other[1] - one[1]);
  const categories = Object.entries(gap.by_category).sort((one, other) => other[1] - one[1]);
  const [firstArea] = areas;
  return (
    <li class="gap">
      <p class="gap-head">
        {gap.priority === 1 && <span class="todo-urgent"><Icon name="urgent" label={t("urgent")} /></span>}
        <b>{list(categories.map(([id]) => (id === "" ? t("any_category") : categoryName(id))))}</b>
        <span>
          {list(areas.slice(0, NAMED_AREAS).map(([id, places]) => (areas.length > 1 ? inArea(id, places, isMoney) : areaName(id))))}
          {areas.length > NAMED_AREAS && andMore(NAMED_AREAS, areas.length)}
        </span>
        <span class="gap-places">{t(isMoney ? "gap_yuan" : "gap_places", { n: gap.places })}</span>
        <span class="note">{t("gap_people", { n: gap.people })}{gap.priority !== 1 && `${t("s_comma")}${valueName("priority", gap.priority)}`}</span>
        {gap.assumed && <WarningIcon warning="assumed" named />}
      </p>
      <What gap={gap} isMoney={isMoney} />
      {gap.fix ? <FixLine fix={gap.fix} /> : <NoFix gap={gap} />}
      <p class="row-actions">
        <button type="button" class="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{gap.certificate ? t("gap_certificate") : seeWhat(gap)}</button>
        {firstArea && firstArea[0] !== "" && (
          <button type="button" class="quiet" onClick={() => { select(`area:${firstArea[0]}`); open("map", { sel: `area:${firstArea[0]}` }); }}>{t("on_map")}</button>
        )}
      </p>
      {isOpen && (gap.certificate ? <CertificateTable certificate={gap.certificate} isMoney={isMoney} /> : <Unserved gap={gap} />)}
    </li>
  );
}

const inArea = (id: string, places: number, isMoney: boolean): string =>
  isMoney ? `${areaName(id)} ${t("gap_yuan", { n: places })}` : `${areaName(id)}×${num(places)}`;

function seeWhat({ needs, projects }: Gap): string {
  const n = (needs ?? projects ?? []).length;
  return needs && n !== 1 ? t("gap_needs", { n }) : t("gap_see", { what: countOf(needs ? "needs" : "projects", n) });
}

/** What is missing, and the offer that comes nearest. */
function What({ gap, isMoney }: GapProps): JSX.Element | null {
  if (gap.certificate) return <Short gap={gap} isMoney={isMoney} />;
  if (gap.missing) {
    return <p>{list(Object.entries(gap.missing).map(([what, n]) => t(isMoney ? MISSING_YUAN[what] ?? "yuan_category" : MISSING[what] ?? "missing_category", { n })))}</p>;
  }
  if (gap.unknown) {
    return <p>{list(Object.keys(gap.unknown).map((side) => t(side === "offer" ? "unknown_of_offer" : "unknown_of_need")))}</p>;
  }
  if (gap.nearest) return <NearestOffer nearest={gap.nearest} />;
  if (gap.times) return <Times times={gap.times} />;
  if (gap.refused_by) return <Refused by={gap.refused_by} />;
  if (gap.rule) return <p>{t(gap.rule === "whole" ? "rule_whole" : "rule_other", { rule: gap.rule })}</p>;
  return null;
}

function Short({ gap, isMoney }: GapProps): JSX.Element {
  const certificate = gap.certificate;
  const targets = certificate?.needs ?? certificate?.projects ?? [];
  const sum = (items: { places: number }[]): number => items.reduce((total, { places }) => total + places, 0);
  return <p>{t(isMoney ? "cert_short_yuan" : "cert_short", { wanted: sum(targets), have: sum(certificate?.holders ?? []), short: certificate?.short_by ?? 0 })}</p>;
}

function NearestOffer({ nearest }: { nearest: Nearest }): JSX.Element {
  const { offer, unit, distance_m: metres, reach_m: reach, reach_that_would_do_m: wanted } = nearest;
  useEffect(() => {
    wantNames("units", [unit]);
    if (offer) wantNames("offers", [offer]);
  }, [nearest]);
  return (
    <p>
      {t("nearest_is")}
      <RecordLink table="units" id={unit}>{labelOf("units", unit)}</RecordLink>
      {offer && <> <RecordLink table="offers" id={offer}>{labelOf("offers", offer)}</RecordLink></>}
      {t("s_comma")}
      {metres === null ? t("distance_unknown") : t("metres_about", { n: Math.round(metres) })}
      {t("s_comma")}
      {reach === null ? t("reach_by_areas") : t(nearest.reach_assumed ? "reach_assumed" : "reach_is", { n: Math.round(reach) })}
      {offer && wanted !== null && reach !== null && (
        <button type="button" class="beside-text" onClick={() => tryReach(nearest)}>
          {t("try_reach", { n: wanted })}
        </button>
      )}
    </p>
  );
}

function tryReach({ offer, unit, reach_that_would_do_m: wanted }: Nearest): void {
  if (!offer) return;
  draftAlone({ table: "offers", id: offer, field: "reach_m", value: wanted });
  openPanel(changePanel({ table: "offers", id: offer, title: labelOf("units", unit), field: "reach_m" }));
}

function Times({ times }: { times: TimesApart }): JSX.Element {
  useEffect(() => wantNames("units", [times.unit]), [times]);
  return (
    <p>
      {t("nearest_is")}
      <RecordLink table="units" id={times.unit}>{labelOf("units", times.unit)}</RecordLink>
      {t("s_comma")}
      {t("times_apart", { need: times.need_times || t("any_time"), offer: times.offer_times || t("any_time") })}
    </p>
  );
}

function Refused({ by }: { by: { unit: string; why: string }[] }): JSX.Element {
  useEffect(() => wantNames("units", by.map(({ unit }) => unit)), [by]);
  return <p>{t("refused_by", { who: list(by.map(({ unit, why }) => (why ? t("refused_one", { unit: labelOf("units", unit), why: declineName(why) }) : labelOf("units", unit)))) })}</p>;
}

function Unserved({ gap }: { gap: Gap }): JSX.Element {
  const table = gap.needs ? "needs" : "projects";
  const ids = gap.needs ?? gap.projects ?? [];
  useEffect(() => wantNames(table, ids), [gap]);
  return <ul class="plain-list">{ids.map((id) => <li key={id}><RecordLink table={table} id={id}>{labelOf(table, id)}</RecordLink></li>)}</ul>;
}

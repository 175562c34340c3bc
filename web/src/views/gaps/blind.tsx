import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Gaps } from "../../api/plans";
import { labelOf, wantNames } from "../../state/labels";
import { categoryName, list, num, t, type PageWord } from "../../words";
import { RecordLink } from "../frame/links";
import { areaName } from "./names";

const WHY_IDLE: Record<string, PageWord> = {
  no_need: "idle_no_need", people: "missing_people_short", tags: "missing_tags_short", own_needs_only: "idle_own", unknown_place: "idle_place",
  out_of_reach: "idle_reach", wrong_time: "idle_time", refused: "idle_refused", no_capacity: "idle_capacity", unit_full: "idle_unit_full",
  not_needed: "idle_not_needed", unused: "idle_unused", no_offer: "idle_no_offer",
};
const MISSING: Record<string, PageWord> = { organisation: "uncovered_organisation", work: "uncovered_work" };

/** Blind spots: what nobody covers, and what nobody uses. */
export function BlindSpots({ found }: { found: Gaps }): JSX.Element {
  useEffect(() => {
    wantNames("offers", found.idle_offers.map(({ offer }) => offer));
    wantNames("units", [...found.idle_units, ...found.uncovered_units, ...found.half_covered_units, ...found.idle_offers].map(({ unit }) => unit));
  }, [found]);
  return (
    <section class="card blind-spots">
      <h2>{t("blind_spots")}</h2>
      <Spot word="blind_without" count={found.areas_without_offer.length}>
        {found.areas_without_offer.map((item) => (
          <li key={item.category}>
            <b>{categoryName(item.category)}</b>
            <span>{t("blind_areas", { n: item.areas.length, people: num(item.population) })}</span>
            <span class="note">{list(item.areas.map(areaName))}{item.unknown > 0 && `${t("s_comma")}${t("blind_unknown", { n: item.unknown })}`}</span>
          </li>
        ))}
      </Spot>
      <Spot word="todo_idle" count={found.idle_offers.length}>
        {found.idle_offers.map((item) => (
          <li key={item.offer}>
            <RecordLink table="offers" id={item.offer}>{labelOf("offers", item.offer)}</RecordLink>
            <span class="note">{labelOf("units", item.unit)}{t("s_comma")}{t(WHY_IDLE[item.why] ?? "idle_not_needed")}</span>
          </li>
        ))}
      </Spot>
      <Spot word="todo_silent" count={found.idle_units.length}>
        {found.idle_units.map((item) => (
          <li key={item.unit}>
            <RecordLink table="units" id={item.unit}>{labelOf("units", item.unit)}</RecordLink>
            <span class="note">{t(WHY_IDLE[item.why] ?? "idle_unused")}</span>
          </li>
        ))}
      </Spot>
      <Spot word="todo_unpaired" count={found.unpaired_areas.length}>
        {found.unpaired_areas.map((item) => (
          <li key={item.area}>
            <RecordLink table="areas" id={item.area}>{areaName(item.area)}</RecordLink>
            <span class="note">{t("blind_people", { n: num(item.population), old: num(item.over60) })}</span>
          </li>
        ))}
      </Spot>
      <Spot word="todo_uncovered" count={found.uncovered_units.length}>
        {found.uncovered_units.map((item) => <Uncovered key={item.unit} item={item} />)}
      </Spot>
      <Spot word="blind_half" count={found.half_covered_units.length}>
        {found.half_covered_units.map((item) => <Uncovered key={item.unit} item={item} />)}
      </Spot>
    </section>
  );
}

function Spot({ word, count, children }: { word: PageWord; count: number; children: JSX.Element[] }): JSX.Element {
  if (count === 0) return <p class="spot-none">{t(word)} <b class="amount">0</b></p>;
  return (
    <details class="spot">
      <summary><span>{t(word)}</span><b class="amount">{num(count)}</b></summary>
      <ul class="spot-list">{children}</ul>
    </details>
  );
}

function Uncovered({ item }: { item: Gaps["uncovered_units"][number] }): JSX.Element {
  return (
    <li>
      <RecordLink table="units" id={item.unit}>{labelOf("units", item.unit)}</RecordLink>
      <span class="note">
        {list(item.missing.map((what) => t(MISSING[what] ?? "uncovered_work")))}
        {!item.place_known && `${t("s_comma")}${t("blind_no_place")}`}
      </span>
    </li>
  );
}

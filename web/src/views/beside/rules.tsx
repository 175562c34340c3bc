import { Fragment, type JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { BlockingPair, DistanceCap, FairShare, Stability, Toll } from "../../api/beside";
import { labelOf, wantNames } from "../../state/labels";
import { andMore, list, num, t, type PageWord } from "../../words";
import { RecordLink } from "../frame/links";
import { by, share } from "./asked";

const PERCENT = 100;
const SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const FEW = 5;

const percent = (value: number): string => `${num(PERCENT * value, 1)}%`;
const signed = (value: number): string => (value === 0 ? "0" : `${value > 0 ? "+" : "−"}${num(Math.abs(value))}`);

interface Rule {
  name: string;
  toll: Toll;
}

/** What rules take from the optimum, each in a row: places, people, metres. */
function Tolls({ heading, rules }: { heading: PageWord; rules: Rule[] }): JSX.Element | null {
  if (rules.length === 0) return null;
  return (
    <table class="small-table">
      <thead>
        <tr>
          <th scope="col">{t(heading)}</th>
          <th scope="col" class="amount">{t("toll_places")}</th>
          <th scope="col" class="amount">{t("toll_people")}</th>
          <th scope="col" class="amount">{t("toll_metres")}</th>
        </tr>
      </thead>
      <tbody>
        {rules.map(({ name, toll }) => (
          <tr key={name}>
            <th scope="row">{name}<Swapped toll={toll} /></th>
            <td class="amount">{signed(-toll.places)}</td>
            <td class="amount">{signed(-toll.people_reached)}</td>
            <td class="amount">{signed(toll.cost)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Which priorities lose and gain, if any; a line never breaks between a priority and its number. */
function Swapped({ toll: { places_by_priority: lost } }: { toll: Toll }): JSX.Element | null {
  const changed = Object.entries(lost).filter(([, places]) => places !== 0);
  if (changed.length === 0) return null;
  return (
    <span class="note toll-swap">
      {changed.map(([priority, places], at) => (
        <Fragment key={priority}>
          {at > 0 && list(["", ""])}
          <span>{t("toll_priority", { priority, places: signed(-places) })}</span>
        </Fragment>
      ))}
    </span>
  );
}

/** Who gets a fair share, and how much. */
export function FairWish(): JSX.Element {
  return (
    <p class="beside-wish">
      <label>
        {t("fair_by")}{" "}
        <select value={by.value} onChange={(event) => { by.value = event.currentTarget.value === "group" ? "group" : "area"; }}>
          <option value="area">{t("fair_area")}</option>
          <option value="group">{t("fair_group")}</option>
        </select>
      </label>{" "}
      <label>
        {t("fair_least")}{" "}
        <select value={share.value === null ? "" : String(share.value)} onChange={(event) => { share.value = event.currentTarget.value === "" ? null : Number(event.currentTarget.value); }}>
          <option value="">{t("fair_most")}</option>
          {SHARES.map((value) => <option key={value} value={String(value)}>{percent(value)}</option>)}
        </select>
      </label>
    </p>
  );
}

/** The largest share that all can have, what each step towards it takes, and who gets what. */
export function FairPart({ fair }: { fair: FairShare }): JSX.Element {
  const name = (id: string): string => (fair.by === "area" ? labelOf("areas", id) : id);
  const named = (ids: string[]): string => list(ids.slice(0, FEW).map(name)) + (ids.length > FEW ? andMore(FEW, ids.length) : "");
  useEffect(() => {
    if (fair.by === "area") wantNames("areas", [...fair.groups.map(({ id }) => id), ...fair.limited_by, ...fair.left_out]);
  }, [fair]);
  const isAsked = share.value !== null;
  const steps = fair.steps.map((step) => ({ name: percent(step.share), toll: step.toll }));
  const asked = isAsked && fair.toll !== null ? [{ name: percent(fair.share), toll: fair.toll }] : [];
  return (
    <>
      {fair.groups.length === 0 && fair.toll !== null ? <p>{t("fair_nobody")}</p> : <p>{t("fair_largest", { now: percent(fair.share_now), share: percent(fair.largest_share) })}{fair.limited_by.length > 0 && t("fair_limited", { names: named(fair.limited_by) })}</p>}
      {fair.left_out.length > 0 && <p class="note">{t("fair_left_out", { names: named(fair.left_out) })}</p>}
      {fair.toll === null && <p role="alert">{t("fair_impossible", { share: percent(fair.share) })}</p>}
      <Tolls heading="fair_steps" rules={isAsked && fair.toll !== null ? asked : steps} />
      {fair.groups.length > 0 && (
        <details class="spot">
          <summary><span>{t(fair.by === "area" ? "fair_areas" : "fair_groups", { share: percent(fair.share) })}</span></summary>
          <table class="small-table">
            <thead><tr><th scope="col">{t(fair.by === "area" ? "fair_area" : "fair_group")}</th><th scope="col" class="amount">{t("fair_wanted")}</th><th scope="col" class="amount">{t("fair_before")}</th><th scope="col" class="amount">{t("fair_after")}</th></tr></thead>
            <tbody>
              {fair.groups.map(({ id, wanted, before, after }) => (
                <tr key={id}>
                  <th scope="row">{name(id)}</th>
                  <td class="amount">{num(wanted)}</td>
                  <td class="amount">{num(before)}</td>
                  <td class="amount">{after === before ? num(after) : <b>{num(after)}</b>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  );
}

/** How far the farthest need go without losing a place, and what shorter ways would take. */
export function CapPart({ cap }: { cap: DistanceCap | null }): JSX.Element {
  if (cap === null) return <p>{t("cap_none")}</p>;
  const metres = (value: number): string => t("metres", { n: Math.round(value) });
  const rules = [{ cap_m: cap.cap_m, toll: cap.toll }, ...cap.steps].map((step) => ({ name: metres(step.cap_m), toll: step.toll }));
  return (
    <>
      <p>{t(cap.cap_m < cap.farthest_m ? "cap_smallest" : "cap_same", { was: Math.round(cap.farthest_m), cap: Math.round(cap.cap_m) })}</p>
      <Tolls heading="cap_steps" rules={rules} />
    </>
  );
}

/** What it would mean to let both sides choose, and who would be in the way. */
export function StablePart({ stable }: { stable: Stability }): JSX.Element {
  useEffect(() => {
    wantNames("units", stable.pairs.flatMap(({ unit, instead_of: held }) => [unit, ...(held ? [held.unit] : [])]));
    for (const isProject of [false, true]) {
      const targets = stable.pairs.flatMap((pair) => [pair, ...(pair.in_the_way ? [pair.in_the_way] : [])]);
      wantNames(isProject ? "projects" : "needs", targets.filter(({ project }) => project === isProject).map(({ need }) => need));
    }
  }, [stable]);
  const rules: Rule[] = [{ name: t("stable_by_needs"), toll: stable.by_needs }, { name: t("stable_by_offers"), toll: stable.by_offers }];
  return (
    <>
      <p>{stable.blocking_pairs === 0 ? t("stable_already") : t("stable_pairs", { n: stable.blocking_pairs })}</p>
      <Tolls heading="stable_instead" rules={rules} />
      {stable.pairs.length > 0 && (
        <details class="spot">
          <summary><span>{stable.pairs.length < stable.blocking_pairs ? t("stable_first", { shown: stable.pairs.length, all: stable.blocking_pairs }) : t("stable_who")}</span></summary>
          <ul class="why-list">{stable.pairs.map((pair) => <Pair key={`${pair.need}/${pair.offer}/${pair.unit}`} pair={pair} />)}</ul>
        </details>
      )}
    </>
  );
}

function Pair({ pair }: { pair: BlockingPair }): JSX.Element {
  const { instead_of: held, in_the_way: way, saves } = pair;
  return (
    <li>
      <p><Target of={pair} /> → <RecordLink table="units" id={pair.unit}>{labelOf("units", pair.unit)}</RecordLink></p>
      <p class="note">
        {held === null ? t("stable_open") : t("stable_instead_of", { unit: labelOf("units", held.unit) })}
        {saves !== null && saves > 0 && `${t("s_comma")}${t("worth_saves", { metres: saves })}`}
      </p>
      <p class="note">{way === null ? t("stable_room") : <>{t("stable_way")}<Target of={way} /></>}</p>
    </li>
  );
}

function Target({ of: { need, project } }: { of: { need: string; project: boolean } }): JSX.Element {
  const table = project ? "projects" : "needs";
  return <RecordLink table={table} id={need}>{labelOf(table, need)}</RecordLink>;
}

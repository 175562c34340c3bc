import type { JSX } from "preact";
import { signal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { getSites, type SitePlan, type Sites, type Territories } from "../../api/plans";
import { Failed, Loading } from "../../parts/states";
import { round, version } from "../../state/data";
import { isPhone } from "../../state/prefs";
import { resource } from "../../state/resource";
import { USUAL_REACH_M } from "../../state/stations";
import { list, num, t, type PageWord } from "../../words";
import { columnsOf, stepsOf, type Drawn, type Point } from "./curve";
import { areaName } from "./names";

/** Whom stations can be asked to reach. */
export const DEMANDS: [string, PageWord][] = [["needs", "stations_needs"], ["people", "stations_people"], ["unserved", "stations_unserved"], ["units", "stations_units"]];
export const REACHES = [500, 800, 1000, 1500, 2000];

interface Asked {
  demand: string;
  reach: number;
  anew: string | undefined;
  territories: string | undefined;
}

const asked = signal<Asked | null>(null);

const found = resource(() => {
  const shown = round.value;
  version.value;
  const wish = asked.value;
  return shown === null || wish === null ? null : () => getSites(shown, wish);
});

/** Where new stations should stand: what so many of them reach at best, as a curve and as a table. */
export function Stations(): JSX.Element {
  const answer = found.data.value;
  return (
    <details class="card stations" data-jump="stations" open={!isPhone.value}>
      <summary><h2>{t("stations_title")}</h2></summary>
      <form onSubmit={(event) => { event.preventDefault(); read(event.currentTarget); }} class="next-form">
        <label>{t("stations_whom")} <select name="demand">{DEMANDS.map(([demand, word]) => <option key={demand} value={demand}>{t(word)}</option>)}</select></label>
        <label>{t("stations_reach")} <select name="reach">{REACHES.map((reach) => <option key={reach} value={reach} selected={reach === USUAL_REACH_M}>{num(reach)}</option>)}</select></label>
        <label class="check"><input type="checkbox" name="anew" /> {t("stations_anew")}</label>
        <label class="check"><input type="checkbox" name="territories" /> {t("stations_territories")}</label>
        <button type="submit">{t("next_find")}</button>
      </form>
      {found.error.value ? <Failed error={found.error.value} onRetry={found.reload} /> : null}
      {asked.value !== null && !answer && !found.error.value && <Loading />}
      {answer && <Answer sites={answer} />}
    </details>
  );
}

function read(form: HTMLFormElement): void {
  const data = new FormData(form);
  asked.value = { demand: String(data.get("demand")), reach: Number(data.get("reach")), anew: data.get("anew") ? "true" : undefined, territories: data.get("territories") ? "true" : undefined };
}

function Answer({ sites }: { sites: Sites }): JSX.Element {
  const { plans, everybody } = sites;
  return (
    <>
      <p>{t("stations_now", { reached: sites.reached, total: sites.total, stations: sites.existing.length, most: sites.within_reach })}</p>
      {plans.length === 0 ? <p>{t("stations_none")}</p> : <Curve sites={sites} />}
      {plans.length > 0 && (
        <table class="small-table">
          <caption class="hidden">{t("stations_curve")}</caption>
          <thead><tr><th scope="col" class="amount">{t("stations_new")}</th><th scope="col" class="amount">{t("stations_reached")}</th><th scope="col" class="amount">{t("stations_bound")}</th><th scope="col">{t("stations_where")}</th></tr></thead>
          <tbody>{plans.map((plan) => <PlanRow key={plan.p} plan={plan} />)}</tbody>
        </table>
      )}
      {plans.at(-1)?.territories && <TerritoryTable found={plans.at(-1)?.territories as Territories} many={plans.at(-1)?.p ?? 0} />}
      {everybody !== null && everybody.p > 0 && <p class="note">{t(everybody.status === "optimal" ? "stations_all" : "stations_all_about", { n: everybody.p, least: everybody.bound })}</p>}
      {sites.unplaced > 0 && <p class="note">{t("stations_unplaced", { n: sites.unplaced })}</p>}
    </>
  );
}

function PlanRow({ plan }: { plan: SitePlan }): JSX.Element {
  return (
    <tr>
      <th scope="row" class="amount">{num(plan.p)}</th>
      <td class="amount">{num(plan.value)}</td>
      <td class="amount">{num(plan.bound)}</td>
      <td>{list(plan.chosen.map(({ name, adds }) => `${name}+${num(adds)}`))}</td>
    </tr>
  );
}

/** Who would look after which neighbourhoods, if the longest plan were built. */
function TerritoryTable({ found, many }: { found: Territories; many: number }): JSX.Element {
  return (
    <details class="spot territories" open>
      <summary><span>{t("territories_title", { n: many })}</span></summary>
      <table class="small-table">
        <thead><tr><th scope="col">{t("territories_station")}</th><th scope="col" class="amount">{t("territories_load")}</th><th scope="col">{t("territories_areas")}</th></tr></thead>
        <tbody>
          {found.stations.map(({ id, name, load, areas }) => (
            <tr key={id}><td>{name}</td><td class="amount">{num(load)}</td><td>{list(areas.map(areaName))}</td></tr>
          ))}
        </tbody>
      </table>
      <p class="note">{t("territories_even", { heaviest: found.heaviest, least: found.least_heaviest })}</p>
    </details>
  );
}

const PAPER = { width: 340, height: 190, left: 44, bottom: 40 };
const BESIDE_PX = 6;

/** Reached against new stations; the dashed line is what no plan could be above. Arrows go from point to point. */
function Curve({ sites }: { sites: Sites }): JSX.Element {
  const points: Point[] = [{ p: 0, value: sites.reached, bound: sites.reached }, ...sites.plans];
  const [at, setAt] = useState<number | null>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const drawn = columnsOf(points, PAPER);
  const { dots } = drawn;
  const steps = stepsOf(points);
  const said = ({ p, reached, bound }: Drawn["dots"][number]): string => t(bound > reached ? "stations_point_bound" : "stations_point", { n: p, reached, bound });
  const walk = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = Math.min(Math.max((at ?? 0) + step, 0), dots.length - 1);
    drawing.current?.querySelectorAll<SVGElement>(".curve-point")[next]?.focus();
  };
  const shown = dots[at ?? dots.length - 1];
  return (
    <figure class="curve-figure">
      <svg ref={drawing} class="curve" viewBox={`0 0 ${PAPER.width} ${PAPER.height}`} role="group" aria-label={t("stations_curve")} onKeyDown={walk}>
        <Axes drawn={drawn} demand={sites.demand} />
        {drawn.hasRoom && <polyline points={drawn.bound} class="curve-bound" />}
        <polyline points={drawn.value} class="curve-line" />
        {dots.map((dot, index) => (
          <g key={dot.p} class="curve-point" role="img" aria-label={said(dot)} tabIndex={index === (at ?? 0) ? 0 : -1} onFocus={() => setAt(index)} onPointerEnter={() => setAt(index)}>
            <circle cx={dot.x} cy={dot.y} r="12" class="curve-touch" />
            <circle cx={dot.x} cy={dot.y} r={index === at ? 6 : 4} class="curve-dot" />
          </g>
        ))}
      </svg>
      <figcaption class="note">
        {shown && <b>{said(shown)}</b>}
        {steps && <span class="curve-steps">{t("stations_steps", { steps: list(steps.map((step) => `+${num(step)}`)) })}</span>}
        <span class="curve-key"><i class="curve-sample" /> {t("stations_reached")}</span>
        {drawn.hasRoom ? <span class="curve-key"><i class="curve-sample curve-sample-bound" /> {t("stations_bound")}</span> : <span>{t("stations_proved")}</span>}
      </figcaption>
    </figure>
  );
}

/** Both axes with their numbers and names. */
function Axes({ drawn, demand }: { drawn: Drawn; demand: string }): JSX.Element {
  const { width, height, left, bottom } = PAPER;
  const floor = height - bottom;
  const what = DEMANDS.find(([name]) => name === demand)?.[1] ?? "stations_needs";
  const from = drawn.up[0]?.value ?? 0;
  return (
    <g aria-hidden="true">
      {drawn.up.map(({ at, value }) => (
        <g key={value}>
          <line x1={left} x2={width} y1={at} y2={at} class="curve-axis" />
          <text x={left - BESIDE_PX} y={at + 4} class="curve-number curve-up">{num(value)}</text>
        </g>
      ))}
      {drawn.across.map(({ at, value }) => <text key={value} x={at} y={floor + 16} class="curve-number">{num(value)}</text>)}
      <text x={(left + width) / 2} y={height - 4} class="curve-name">{t("stations_new_axis")}</text>
      <text x="0" y="12" class="curve-name curve-what">{from > 0 ? t("stations_axis_from", { what: t(what), from }) : t("stations_axis", { what: t(what) })}</text>
    </g>
  );
}

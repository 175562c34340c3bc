import type { JSX } from "preact";
import { signal } from "@preact/signals";
import { getSites, type SitePlan, type Sites, type Territories } from "../../api/plans";
import { Failed, Loading } from "../../parts/states";
import { round, version } from "../../state/data";
import { isPhone } from "../../state/prefs";
import { resource } from "../../state/resource";
import { list, num, t, type PageWord } from "../../words";
import { columnsOf, type Point } from "./curve";
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
        <label>{t("stations_reach")} <select name="reach">{REACHES.map((reach) => <option key={reach} value={reach}>{num(reach)}</option>)}</select></label>
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
          <thead><tr><th scope="col" class="amount">{t("stations_new")}</th><th scope="col" class="amount">{t("stations_reached")}</th><th scope="col">{t("stations_where")}</th></tr></thead>
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
      <td class="amount">{num(plan.p)}</td>
      <td class="amount">{num(plan.value)}{plan.value !== plan.bound && ` ≤${num(plan.bound)}`}</td>
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

const WIDTH = 320;
const HEIGHT = 120;

/** Reached against new stations; the dashed line is what no plan could be above. */
function Curve({ sites }: { sites: Sites }): JSX.Element {
  const points: Point[] = [{ p: 0, value: sites.reached, bound: sites.reached }, ...sites.plans];
  const { value, bound, dots } = columnsOf(points, sites.total, WIDTH, HEIGHT);
  return (
    <svg class="curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("stations_curve")}>
      <line x1="0" x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} class="curve-axis" />
      <polyline points={bound} class="curve-bound" />
      <polyline points={value} class="curve-line" />
      {dots.map(({ x, y, p, reached }) => <circle key={p} cx={x} cy={y} r="4" class="curve-dot"><title>{`${num(p)}: ${num(reached)}`}</title></circle>)}
    </svg>
  );
}

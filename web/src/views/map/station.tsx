import type { JSX } from "preact";
import type { Sites } from "../../api/plans";
import { DropChip } from "../../parts/chip";
import { WarningIcon } from "../../parts/icon";
import { Failed, Loading, OldMark } from "../../parts/states";
import { TrialResult } from "../../parts/trial";
import { categoryChoices } from "../../state/data";
import { closePanel, openPanel } from "../../state/panel";
import { dropStation, dropStations, isFull, stationMatch, stationOf, stationTrial, triedStations, tryStation, type TriedStations } from "../../state/stations";
import { categoryName, num, t } from "../../words";
import { DEMANDS, REACHES } from "../gaps/stations";

const MOST_CAPACITY = 9_999_999;

/** Tries a new station at an area or a unit: whom it would reach, and what matching would do; nothing is stored. */
export function TryStation({ id }: { id: string }): JSX.Element {
  return (
    <button type="button" class="quiet" onClick={() => { tryStation(id); openPanel({ key: "stations", title: t("station_try"), body: StationForm }); }}>
      {t("station_try")}
    </button>
  );
}

const change = (wish: Partial<TriedStations>): void => {
  triedStations.value = { ...triedStations.value, ...wish };
};

function StationForm(): JSX.Element {
  const { ids, reach } = triedStations.value;
  const answer = stationTrial.data.value;
  const nameOf = (id: string): string => answer?.tried?.chosen.find((site) => site.id === id)?.name ?? id;
  return (
    <div class="station-trial">
      <p class="note">{t("station_hint")}</p>
      <p>{ids.map((id) => <DropChip key={id} name={nameOf(id)} onDrop={() => dropStation(id)} />)}</p>
      <div class="next-form">
        <label>
          {t("stations_reach")}{" "}
          <select name="reach" value={String(reach)} onChange={(event) => change({ reach: Number(event.currentTarget.value) })}>
            {REACHES.map((metres) => <option key={metres} value={metres}>{num(metres)}</option>)}
          </select>
        </label>
      </div>
      <Matched nameOf={nameOf} />
      <Reached />
      <div class="actions">
        <button type="button" onClick={() => { dropStations(); closePanel(); }}>{t("discard")}</button>
      </div>
    </div>
  );
}

/** What they would offer, and who would be served instead. */
function Matched({ nameOf }: { nameOf: (id: string) => string }): JSX.Element {
  const { ids, categories, capacity } = triedStations.value;
  const result = stationMatch.data.value;
  const further = categoryChoices.value.filter((id) => !categories.includes(id));
  const names = new Map(ids.map((id) => [stationOf(id), t("station_at", { place: nameOf(id) })]));
  const nameUnits = <T extends { unit: string; unit_name: string }>(items: T[]): T[] => items.map((item) => ({ ...item, unit_name: names.get(item.unit) ?? item.unit_name }));
  const named = result && {
    ...result,
    gained: nameUnits(result.gained),
    moved: result.moved.map((item) => ({ ...item, to_unit_name: names.get(item.to_unit) ?? item.to_unit_name })),
  };
  return (
    <section class="station-match">
      <h3>{t("station_offers")}</h3>
      <p>{categories.map((id) => <DropChip key={id} name={categoryName(id)} onDrop={() => change({ categories: categories.filter((other) => other !== id) })} />)}</p>
      <div class="next-form">
        <select name="category" aria-label={t("station_category")} value="" onChange={(event) => change({ categories: [...categories, event.currentTarget.value] })}>
          <option value="">{t("station_category")}</option>
          {further.map((id) => <option key={id} value={id}>{categoryName(id)}</option>)}
        </select>
        <label>
          {t("station_capacity")}{" "}
          <input type="number" name="capacity" min={1} max={MOST_CAPACITY} step={1} value={capacity} onChange={(event) => setCapacity(event.currentTarget)} />
        </label>
      </div>
      <p class="note"><WarningIcon warning="assumed" /> {t("station_assumed")}</p>
      {isFull(triedStations.value) && <p class="note">{t("station_too_many")}</p>}
      {stationMatch.error.value ? <Failed error={stationMatch.error.value} onRetry={stationMatch.reload} /> : null}
      {stationMatch.old.value && !result && <Loading />}
      {named && (
        <>
          <OldMark old={stationMatch.old.value} />
          <TrialResult trial={named} />
        </>
      )}
    </section>
  );
}

/** A whole number of at least 1; anything else leaves the one before. */
function setCapacity(field: HTMLInputElement): void {
  const typed = Number(field.value);
  if (Number.isInteger(typed) && typed >= 1 && typed <= MOST_CAPACITY) change({ capacity: typed });
  else field.value = String(triedStations.value.capacity);
}

/** Who would be within reach, whoever serves them. */
function Reached(): JSX.Element {
  const { ids, demand } = triedStations.value;
  const answer = stationTrial.data.value;
  return (
    <section class="station-reach">
      <h3>{t("station_within")}</h3>
      <div class="next-form">
        <label>
          {t("stations_whom")}{" "}
          <select name="demand" value={demand} onChange={(event) => change({ demand: event.currentTarget.value })}>
            {DEMANDS.map(([value, word]) => <option key={value} value={value}>{t(word)}</option>)}
          </select>
        </label>
      </div>
      {stationTrial.error.value ? <Failed error={stationTrial.error.value} onRetry={stationTrial.reload} /> : null}
      {ids.length > 0 && !answer && !stationTrial.error.value && <Loading />}
      {answer?.tried && <Within answer={answer} tried={answer.tried} />}
    </section>
  );
}

function Within({ answer, tried }: { answer: Sites; tried: NonNullable<Sites["tried"]> }): JSX.Element {
  return (
    <div class="trial" role="status">
      <p class="trial-total">
        <b>{t("station_adds", { n: tried.adds })}</b> <OldMark old={stationTrial.old.value} />
      </p>
      <p>{t("station_before", { before: answer.reached, after: tried.value, total: answer.total })}</p>
      <ul>
        {tried.chosen.map((site) => <li key={site.id}><span class="mark mark-gain">+</span>{site.name} {num(site.adds)}</li>)}
      </ul>
      {tried.not_possible.length > 0 && <p class="note">{t("station_not_possible", { n: tried.not_possible.length })}</p>}
    </div>
  );
}

import type { JSX } from "preact";
import { DropChip } from "../../parts/chip";
import { Failed, Loading, OldMark } from "../../parts/states";
import { closePanel, openPanel } from "../../state/panel";
import { dropStation, dropStations, stationTrial, triedStations, tryStation } from "../../state/stations";
import { num, t } from "../../words";
import { DEMANDS, REACHES } from "../gaps/stations";

/** Tries a new station at an area or a unit, and shows what it would reach; nothing is stored. */
export function TryStation({ id }: { id: string }): JSX.Element {
  return (
    <button type="button" class="quiet" onClick={() => { tryStation(id); openPanel({ key: "stations", title: t("station_try"), body: StationForm }); }}>
      {t("station_try")}
    </button>
  );
}

function StationForm(): JSX.Element {
  const { ids, demand, reach } = triedStations.value;
  const answer = stationTrial.data.value;
  const tried = answer?.tried;
  const nameOf = (id: string): string => tried?.chosen.find((site) => site.id === id)?.name ?? id;
  return (
    <div class="station-trial">
      <p class="note">{t("station_hint")}</p>
      <div class="next-form">
        <label>
          {t("stations_whom")}{" "}
          <select value={demand} onChange={(event) => (triedStations.value = { ...triedStations.value, demand: event.currentTarget.value })}>
            {DEMANDS.map(([value, word]) => <option key={value} value={value}>{t(word)}</option>)}
          </select>
        </label>
        <label>
          {t("stations_reach")}{" "}
          <select value={String(reach)} onChange={(event) => (triedStations.value = { ...triedStations.value, reach: Number(event.currentTarget.value) })}>
            {REACHES.map((metres) => <option key={metres} value={metres}>{num(metres)}</option>)}
          </select>
        </label>
      </div>
      <p>{ids.map((id) => <DropChip key={id} name={nameOf(id)} onDrop={() => dropStation(id)} />)}</p>
      {stationTrial.error.value ? <Failed error={stationTrial.error.value} onRetry={stationTrial.reload} /> : null}
      {ids.length > 0 && !answer && !stationTrial.error.value && <Loading />}
      {answer && tried && (
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
      )}
      <div class="actions">
        <button type="button" onClick={() => { dropStations(); closePanel(); }}>{t("discard")}</button>
      </div>
    </div>
  );
}

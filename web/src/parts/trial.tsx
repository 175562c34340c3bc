import type { JSX } from "preact";
import type { Trial } from "../api/types";
import { num, t } from "../words";

const signed = (value: number, digits = 0): string => `${value > 0 ? "+" : value < 0 ? "−" : ""}${num(Math.abs(value), digits)}`;

/** Who gains, who moves and who loses, if the numbers were kept; gains less losses are the change in total. */
export function TrialResult({ trial }: { trial: Trial }): JSX.Element {
  const { gained, moved, lost, projects, distance_change_m: metres } = trial;
  const sum = (items: { places: number }[]): number => items.reduce((total, item) => total + item.places, 0);
  const [more, less] = [sum(projects.gained), sum(projects.lost)];
  if (gained.length + moved.length + lost.length + projects.moved.length + more + less === 0) return <p role="status">{t("try_none")}</p>;
  return (
    <div class="trial" role="status">
      <p class="trial-total">
        <b>{t("try_gain", { n: sum(gained) })}</b>
        {t("s_comma")}
        {t("try_moved", { n: sum(moved) })}
        {t("s_comma")}
        {t("try_lost", { n: sum(lost) })}
        {more + less > 0 && `${t("s_comma")}${t("try_projects", { more, less })}`}
        {metres !== null && `${t("s_comma")}${t("try_walk", { km: signed(metres / 1000, 1) })}`}
      </p>
      <ul>
        {gained.map((item) => (
          <li key={`+${item.need}/${item.unit}`}>
            <span class="mark mark-gain">+</span>
            {item.title} {item.area_name ?? t("unplaced")}×{num(item.places)} → {item.unit_name}
          </li>
        ))}
        {moved.map((item) => (
          <li key={`~${item.need}/${item.from_unit}/${item.to_unit}`}>
            <span class="mark">⇄</span>
            {item.title} {item.area_name ?? t("unplaced")}×{num(item.places)} {item.from_unit_name} → {item.to_unit_name}
            {item.distance_change_m !== null && Math.round(item.distance_change_m) !== 0 && t(item.distance_change_m < 0 ? "try_nearer" : "try_farther", { n: Math.abs(Math.round(item.distance_change_m)) })}
          </li>
        ))}
        {lost.map((item) => (
          <li key={`-${item.need}/${item.unit}`}>
            <span class="mark mark-lost">−</span>
            {item.title} {item.area_name ?? t("unplaced")}×{num(item.places)} {item.unit_name} →
          </li>
        ))}
      </ul>
    </div>
  );
}

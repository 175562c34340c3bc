import type { Action } from "../../api/plans";
import { list, num, t, valueName } from "../../words";

type Gained = Pick<Action, "gain" | "gain_places" | "gain_project_units" | "exact" | "gain_here">;

/** What a fix serves more, and how much of it is its own gap's where that differs. */
export function gainOf(fix: Gained): string {
  const { gain_here: here, gain_places: places } = fix;
  if (here === undefined || here === places) return inAll(fix);
  return here === null ? t("fix_here_unknown", { gain: inAll(fix) }) : t("fix_here", { gain: inAll(fix), here: plus(here) });
}

/** In all; by priority where it serves the urgent in place of others and no more in all. */
function inAll({ gain, gain_places: places, gain_project_units: units, exact }: Gained): string {
  if (places <= 0) return t("fix_gains_by", { gains: signed(gain) });
  if (typeof units !== "number") return t(exact ? "fix_gains_mixed" : "fix_gains_mixed_about", { n: places });
  if (units !== 0) return t("fix_gains_units", { n: places - units, units: plus(units) });
  return t(exact ? "fix_gains" : "fix_gains_about", { n: places });
}

/** What an action adds by priority to those before it, where it takes from some; else nothing. */
export function addsBy(adds: Record<string, number>): string {
  return Object.values(adds).some((places) => places < 0) ? t("fix_gains_by", { gains: signed(adds) }) : "";
}

/** Places that an action adds, and units of projects apart from them. */
export function addsOf(places: number, units: number | null | undefined): string {
  return units ? `${plus(places - units)}${t("s_comma")}${t("adds_units", { units: plus(units) })}` : plus(places);
}

/** Places by priority with their signs, the most urgent first; only of those where something changes. */
export function signed(byPriority: Record<string, number>): string {
  const changed = Object.entries(byPriority).filter(([, places]) => places !== 0);
  return list(changed.map(([priority, places]) => `${valueName("priority", priority)} ${plus(places)}`)) || "0";
}

/** A number with its sign. */
export const plus = (places: number): string => (places < 0 ? `−${num(-places)}` : `+${num(places)}`);

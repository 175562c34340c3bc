import type { Action } from "../../api/plans";
import { num, t } from "../../words";

/** What a fix serves more; by priority where it serves the urgent in place of others and no more in all. */
export function gainOf({ gain, gain_places: places, exact }: Pick<Action, "gain" | "gain_places" | "exact">): string {
  if (places <= 0) return t("fix_gains_by", { gains: signed(gain) });
  return t(exact ? "fix_gains" : "fix_gains_about", { n: places });
}

/** What an action adds by priority to those before it, where it takes from some; else nothing. */
export function addsBy(adds: Record<string, number>): string {
  return Object.values(adds).some((places) => places < 0) ? t("fix_gains_by", { gains: signed(adds) }) : "";
}

/** Places by priority with their signs, the most urgent first. */
export function signed(byPriority: Record<string, number>): string {
  return Object.values(byPriority).map(plus).join(", ");
}

/** A number with its sign. */
export const plus = (places: number): string => (places < 0 ? `−${num(-places)}` : `+${num(places)}`);

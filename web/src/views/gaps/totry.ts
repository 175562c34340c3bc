import type { Card } from "../../api/cards";
import type { Action, WouldDo } from "../../api/plans";
import type { Change, Fields } from "../../api/types";
import type { PageWord } from "../../words";

/* What of an action can be tried at once, and the change that it would be; no drawing here. */

type Given = Pick<Card["gives"][number], "counts" | "unlimited"> & { capacity?: Fields[string] };
type Asked = Pick<Action, "kind" | "where"> & Partial<Pick<Action, "to_reach_m" | "offer_to_try">>;

/** What an action is to a trial: a number of an offer or of a unit, areas of an offer, an offer more, or nothing. */
export function howToTry({ kind, where, to_reach_m: reach, offer_to_try: added }: Asked): "offer" | "unit" | "areas" | "added" | null {
  if (added) return "added";
  const isOffer = Boolean(where.offer && where.unit);
  if (kind === "more_capacity" && where.unit && !where.offer) return "unit";
  if (kind === "new_pairing" && isOffer && where.area) return "areas";
  return isOffer && (kind === "more_capacity" || kind === "ask_capacity" || (kind === "wider_reach" && reach !== undefined)) ? "offer" : null;
}

/** Why an action can't be tried; null where it can, or nobody asks. */
export function whyNotTried(action: Asked): PageWord | null {
  if (action.kind !== "new_station" || howToTry(action)) return null;
  return action.where.offer ? "no_try_station" : "no_try_cover";
}

/** The change to try; null where the number has no end, and more of it is nothing to try. */
export function changeToTry(action: Pick<Action, "kind" | "where" | "places" | "total" | "to_reach_m">, given: Given | undefined): Change | null {
  const id = action.where.offer ?? "";
  if (action.kind === "wider_reach") return { table: "offers", id, field: "reach_m", value: action.to_reach_m ?? null };
  if (given?.unlimited) return null;
  return { table: "offers", id, field: "capacity", value: capacityToTry(action, given) };
}

/** A unit's total with an action's places more; null where it has no limit. */
export function totalToTry({ where, places }: Pick<Action, "where" | "places">, now: Fields[string] | undefined): Change | null {
  return typeof now === "number" ? { table: "units", id: where.unit ?? "", field: "capacity", value: now + places } : null;
}

/** An offer's areas and the one that an action adds. */
export function areasToTry({ where }: Pick<Action, "where">, now: readonly string[]): Change {
  return { table: "offers", id: where.offer ?? "", field: "reach_areas", value: [...new Set([...now, where.area ?? ""])].join(";") };
}

/** An offer's hours and those of a need beside them; null where it is there at any time. */
export function timesToTry({ offer, need_times: wanted, offer_times: now }: Pick<WouldDo, "offer" | "need_times" | "offer_times">): Change | null {
  return offer && wanted && now ? { table: "offers", id: offer, field: "times", value: `${now}; ${wanted}` } : null;
}

/** What there is now and the places more; of what nobody knows, all that the action takes it for. */
function capacityToTry({ places, total }: Pick<Action, "places" | "total">, given: Given | undefined): number {
  // An action's places are the round's; a capacity by the month counts three times in a quarter's round.
  const times = Math.max(given?.counts ?? 1, 1);
  const now = given?.capacity;
  if (typeof now !== "number") return Math.ceil((total ?? places) / times);
  return now + Math.ceil(places / times);
}

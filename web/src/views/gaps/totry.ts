import type { Action, Card } from "../../api/plans";
import type { Change, Fields } from "../../api/types";

/* The number that an action would put into an offer; no drawing here. */

type Given = Pick<Card["gives"][number], "round_capacity" | "unlimited"> & { capacity?: Fields[string] };

/** Whether an action is a number of an offer, which can be tried at once: a reach, or more places. */
export const canTry = ({ kind, where, to_reach_m: reach }: Pick<Action, "kind" | "where" | "to_reach_m">): boolean =>
  Boolean(where.offer && where.unit) && (kind === "more_capacity" || kind === "ask_capacity" || (kind === "wider_reach" && reach !== undefined));

/** The change to try; null where the number has no end, and more of it is nothing to try. */
export function changeToTry(action: Pick<Action, "kind" | "where" | "places" | "total" | "to_reach_m">, given: Given | undefined): Change | null {
  const id = action.where.offer ?? "";
  if (action.kind === "wider_reach") return { table: "offers", id, field: "reach_m", value: action.to_reach_m ?? null };
  if (given?.unlimited) return null;
  return { table: "offers", id, field: "capacity", value: capacityToTry(action, given) };
}

/** What there is now and the places more; of what nobody knows, all that the action takes it for. */
function capacityToTry({ places, total }: Pick<Action, "places" | "total">, given: Given | undefined): number {
  const now = given?.capacity;
  if (typeof now !== "number") return total ?? places;
  // An action's places are the round's; a capacity by the month counts three times in a quarter's round.
  const times = now > 0 && given?.round_capacity ? given.round_capacity / now : 1;
  return now + Math.ceil(places / times);
}

import type { Row, RowAssignment } from "../../api/types";
import { num, t } from "../../words";

/** One line of the round: what a unit gives to a need, or what of it nobody gives. */
export interface Line {
  key: string;
  row: Row;
  /** Null: the places that are unmatched. */
  given: RowAssignment | null;
  places: number;
}

export const targetOf = (row: Row): { table: "needs" | "projects"; id: string } =>
  row.need ? { table: "needs", id: row.need } : { table: "projects", id: row.project ?? "" };

/** The lines of rows; the places of a row's lines add up to its quantity. */
export function linesOf(rows: Row[], part: string | null): Line[] {
  const lines: Line[] = [];
  for (const row of rows) {
    const { id } = targetOf(row);
    if (part !== "unserved") {
      row.assignments.forEach((given, at) => lines.push({ key: `${id}/${at}`, row, given, places: given.places }));
    }
    if (row.unserved > 0 && part !== "served") lines.push({ key: `${id}/-`, row, given: null, places: row.unserved });
  }
  return lines;
}

const metres = (value: number | null): string => (value === null ? t("unknown") : num(Math.round(value)));

/** Why a unit was chosen, in a few words with numbers. */
export function whyText(given: RowAssignment): string {
  const { why } = given;
  if (!why) return "";
  const next = why.runner_up_unit_name === null || why.runner_up_extra_m === null ? "" : t("why_next", { unit: why.runner_up_unit_name, more: metres(why.runner_up_extra_m) });
  switch (why.kind) {
    case "only":
      return t("why_only");
    case "nearest_with_room":
      return t("why_nearest") + next;
    case "not_nearest":
      return why.nearest_unit_name === null ? t("why_not_nearest") : t("why_nearer_full", { unit: why.nearest_unit_name, n: metres(why.nearest_distance_m) });
    case "promised":
      return t("why_promised");
    case "pairing":
      return t("why_pairing") + next;
    case "cheapest_overall":
      return t("why_overall") + next;
  }
}

export const distanceText = (given: RowAssignment): string =>
  given.distance_m === null ? t("unknown") : `${given.estimate ? t("about") : ""}${num(Math.round(given.distance_m))}`;

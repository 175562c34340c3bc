import type { Change } from "../../api/types";
import { list, num, t } from "../../words";

/** A tried value as people read it: a number, the areas that an offer serves, or hours as they were written. */
export function sayValue({ field, value }: Pick<Change, "field" | "value">, areaName: (id: string) => string): string {
  if (typeof value === "number") return num(value);
  if (value === null || value === "") return t("unknown");
  const said = String(value);
  return field === "reach_areas" ? list(said.split(";").map(areaName)) : said;
}

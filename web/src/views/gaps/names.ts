import { outlines } from "../map/mapview";
import { names } from "../../state/data";
import { t } from "../../words";

/** An area's name; the empty id stands for needs whose area nobody knows. */
export function areaName(id: string): string {
  if (id === "") return t("unplaced");
  const known = names.value.get(id);
  if (known) return known;
  const feature = outlines.data.value?.features.find(({ properties }) => properties.id === id);
  return feature?.properties.name ?? id;
}

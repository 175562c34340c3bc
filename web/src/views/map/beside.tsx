import type { JSX } from "preact";
import type { Summary } from "../../api/types";
import { open, where } from "../../state/where";
import { t } from "../../words";
import { useTrialLines } from "./lines";
import { MapView } from "./mapview";

/** The map beside a table: the same selection, and a way to the large one. */
export function MapBeside({ summary }: { summary: Summary }): JSX.Element {
  const lines = useTrialLines();
  return (
    <section class="map-beside" aria-label={t("map_beside")}>
      <MapView summary={summary} lines={lines} isPart />
      <button type="button" class="map-larger" onClick={() => open("map", { sel: where.value.sel })}>{t("map_larger")}</button>
    </section>
  );
}

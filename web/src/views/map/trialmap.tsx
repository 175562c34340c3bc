import type { JSX } from "preact";
import { summary } from "../../state/data";
import { where } from "../../state/where";
import { useTrialLines } from "./lines";
import { MapView } from "./mapview";

/** Beside what is being tried: who would go where, old ways dashed. The map's own page draws them itself. */
export function TrialMap(): JSX.Element | null {
  const lines = useTrialLines();
  const shown = summary.data.value;
  if (!shown || lines.length === 0 || where.value.page === "map") return null;
  return (
    <div class="trial-map">
      <MapView summary={shown} lines={lines} isPart onlyLines />
    </div>
  );
}

import type { JSX } from "preact";
import { PairsFold } from "./pairs";
import { RotaFold } from "./rota";

/** What could come next for the whole alliance, worked out on asking: turns of duty, and new pairings for all. */
export function AheadPanel(): JSX.Element {
  return (
    <div class="network-ahead">
      <RotaFold />
      <PairsFold />
    </div>
  );
}

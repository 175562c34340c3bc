import type { Keeping } from "../../api/types";
import type { NumberKind } from "../../parts/num";
import type { Filling, PageWord } from "../../words";

/** How good a round is by the rule that it keeps another, and what kind of knowledge that is. */
export function howKept(keep: Keeping): { word: PageWord; filling: Filling; kind: NumberKind } {
  const { most_moves: most, fewest, gap_m: gap } = keep;
  if (most !== null) {
    if (keep.status === "exceeded" && fewest !== null) return { word: "keep_exceeded", filling: { most, fewest }, kind: "exact" };
    if (keep.moved > most) return { word: "keep_missed", filling: { most }, kind: "heuristic" };
    if (keep.status === "bounded" && gap !== null) return { word: "keep_bounded", filling: { most, gap }, kind: "bound" };
    if (keep.status === "optimal") return { word: "keep_best_most", filling: { most }, kind: "exact" };
  }
  return keep.status === "optimal" ? { word: "keep_best", filling: {}, kind: "exact" } : { word: "keep_unproved", filling: {}, kind: "heuristic" };
}

import type { Gap } from "../../api/plans";

/* Gaps that read the same but for their neighbourhood are one line, opened to each; no drawing here. */

/** Fewer than this are quicker read than opened. */
const LEAST_FOLDED = 3;
/** What is urgent isn't put among the rest. */
const URGENT = 1;

/** All that a gap says but where, how many and who; null where it stands by itself: it has a fix of its own or a proof. */
function saidBy(gap: Gap): string | null {
  if (gap.fix || gap.certificate) return null;
  return JSON.stringify([
    gap.reason, Object.keys(gap.by_category).sort(), gap.priority === URGENT, gap.assumed,
    Object.keys(gap.missing ?? {}).sort(), Object.keys(gap.unknown ?? {}).sort(),
    gap.nearest ?? null, gap.times ?? null, gap.refused_by ?? null, gap.rule ?? null,
    gap.no_fix?.sentence_zh ?? null, gap.would_do.map((row) => row.sentence_zh),
  ]);
}

/** Gaps in their order, those that say the same together where the first of them stands. */
export function foldGaps(gaps: readonly Gap[]): Gap[][] {
  const folds = new Map<string, Gap[]>();
  for (const gap of gaps) {
    const said = saidBy(gap);
    if (said !== null) folds.set(said, [...(folds.get(said) ?? []), gap]);
  }
  const isFolded = (same: Gap[] | undefined): same is Gap[] => same !== undefined && same.length >= LEAST_FOLDED;
  return gaps.flatMap((gap) => {
    const same = folds.get(saidBy(gap) ?? "");
    if (!isFolded(same)) return [[gap]];
    return same[0] === gap ? [same] : [];
  });
}

/** How many places are of which priority, the most urgent first. */
export function prioritiesOf(gaps: readonly Gap[]): [priority: number, places: number][] {
  const found = new Map<number, number>();
  for (const { priority, places } of gaps) found.set(priority, (found.get(priority) ?? 0) + places);
  return [...found].sort(([one], [other]) => one - other);
}

/** The neighbourhoods that gaps touch, each once; null where one of them has no known place. */
export function areasOf(gaps: readonly Gap[]): number | null {
  const areas = new Set(gaps.flatMap((gap) => Object.keys(gap.by_area)));
  return areas.has("") ? null : areas.size;
}

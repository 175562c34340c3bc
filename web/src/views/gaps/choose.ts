import type { Gap } from "../../api/plans";

/* Which gaps are shown, and how they are grouped; no drawing here. */

export interface Asked {
  area: string | null;
  cat: string | null;
  reason: string | null;
  priority: string | null;
}

const isWithinCategory = (category: string, wanted: string): boolean => category === wanted || category.startsWith(`${wanted}.`);

/** An area and all below it. */
export function areasBelow(area: string, parents: ReadonlyMap<string, string | null>): Set<string> {
  const found = new Set([area]);
  let grew = true;
  while (grew) {
    grew = false;
    for (const [child, parent] of parents) {
      if (parent !== null && found.has(parent) && !found.has(child)) {
        found.add(child);
        grew = true;
      }
    }
  }
  return found;
}

/** The gaps that touch what is asked for. A gap is shown whole, since its certificate holds for the whole. */
export function chooseGaps(gaps: Gap[], asked: Asked, parents: ReadonlyMap<string, string | null>): Gap[] {
  const areas = asked.area === null ? null : areasBelow(asked.area, parents);
  return gaps.filter(
    (gap) =>
      (asked.reason === null || gap.reason === asked.reason) &&
      (asked.priority === null || String(gap.priority) === asked.priority) &&
      (areas === null || Object.keys(gap.by_area).some((area) => areas.has(area))) &&
      (asked.cat === null || Object.keys(gap.by_category).some((category) => isWithinCategory(category, asked.cat ?? ""))),
  );
}

export interface Group {
  reason: string;
  places: number;
  gaps: Gap[];
}

/** Gaps by reason, the largest reason first; within one they keep their order. */
export function groupGaps(gaps: Gap[]): Group[] {
  const groups = new Map<string, Group>();
  for (const gap of gaps) {
    const group = groups.get(gap.reason) ?? { reason: gap.reason, places: 0, gaps: [] };
    group.places += gap.places;
    group.gaps.push(gap);
    groups.set(gap.reason, group);
  }
  return [...groups.values()].sort((one, other) => other.places - one.places);
}

/** A key that stays the same while the gap does. */
export const gapKey = (gap: Gap): string => `${gap.reason}/${(gap.needs ?? gap.projects ?? [])[0] ?? ""}`;

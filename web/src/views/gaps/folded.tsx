import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Gap } from "../../api/plans";
import { Icon, WarningIcon } from "../../parts/icon";
import { categoryName, list, num, t, valueName } from "../../words";
import { gapKey } from "./choose";
import { areasOf, prioritiesOf } from "./fold";
import { GapItem } from "./gap";
import { fixText } from "./next";

interface FoldedProps {
  /** All say the same; at least one. */
  gaps: Gap[];
  isMoney: boolean;
}

/** Gaps that say the same of many neighbourhoods, in one line that opens to each. */
export function FoldedGaps({ gaps, isMoney }: FoldedProps): JSX.Element | null {
  const [isOpen, setOpen] = useState(false);
  const [first] = gaps;
  if (!first) return null;
  const sum = (of: (gap: Gap) => number): number => gaps.reduce((total, gap) => total + of(gap), 0);
  const areas = areasOf(gaps);
  const priorities = prioritiesOf(gaps);
  const priority = priorities.length > 1 ? list(priorities.map(([rank, places]) => `${valueName("priority", rank)} ${num(places)}`)) : valueName("priority", first.priority);
  return (
    <li class="gap gap-fold">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class="gap-head">
            {first.priority === 1 && <span class="todo-urgent"><Icon name="urgent" label={t("urgent")} /></span>}
            <b>{list(Object.keys(first.by_category).map((id) => (id === "" ? t("any_category") : categoryName(id))))}</b>
            {areas !== null && <span>{t("gap_areas", { n: areas })}</span>}
            <span class="gap-places">{t(isMoney ? "gap_yuan" : "gap_places", { n: sum(({ places }) => places) })}</span>
            {first.priority !== 1 && <span class="note">{priority}</span>}
            {first.assumed && <WarningIcon warning="assumed" named />}
          </span>
          <span class="note">{fixText(first)}</span>
        </summary>
        {isOpen && <ul>{gaps.map((gap) => <GapItem key={gapKey(gap)} gap={gap} isMoney={isMoney} />)}</ul>}
      </details>
    </li>
  );
}

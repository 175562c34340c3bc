import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { getGaps, type Gaps, type PartGaps } from "../../api/plans";
import { useKeys } from "../../keys";
import { ReasonIcon } from "../../parts/icon";
import { saveText, toCsv } from "../../parts/rows";
import { Empty, Loading, OldMark } from "../../parts/states";
import { round, version } from "../../state/data";
import { isPhone } from "../../state/prefs";
import { resource } from "../../state/resource";
import { dropFilters, isFiltered, open, toggle, where } from "../../state/where";
import { categoryName, list, num, reasonName, t, type PageWord } from "../../words";
import { NoDocument, RoundPage } from "../frame/roundpage";
import { StaleBar } from "../frame/stale";
import { outlines } from "../map/mapview";
import { BlindSpots } from "./blind";
import { chooseGaps, gapKey, groupGaps } from "./choose";
import { foldGaps } from "./fold";
import { FoldedGaps } from "./folded";
import { GapItem } from "./gap";
import { Cautions } from "./cautions";
import { areaName } from "./names";
import { fixText, NextSteps } from "./next";
import { IfOneLeaves } from "./leaving";
import { Stations } from "./stations";
import { EquityCard } from "./equity";

const gaps = resource(() => {
  const shown = round.value;
  version.value;
  return shown === null || where.value.page !== "gaps" ? null : () => getGaps(shown);
});

/** What is unmatched and why, what would close it, and what nobody covers. */
export function GapsPage(): JSX.Element {
  return <RoundPage>{() => <Loaded />}</RoundPage>;
}

function Loaded(): JSX.Element {
  const found = gaps.data.value;
  useKeys({ m: () => open("map", { sel: where.value.sel }) });
  if (gaps.error.value && !found) return <NoDocument error={gaps.error.value} onRetry={gaps.reload} />;
  if (!found) return <Loading />;
  const { projects, money } = found;
  return (
    <div class={gaps.old.value ? "gaps-page is-old" : "gaps-page"}>
      <div class="gaps-top">
        <GapsHead found={found} />
        <StaleBar />
        {isPhone.value && <Jumps found={found} />}
      </div>
      <div class="gaps-next">
        <NextSteps />
      </div>
      <div class="gaps-main">
        <Part part={found} title={null} jump="gaps" />
        {projects.unserved > 0 && <Part part={projects} title="gaps_projects" jump="projects" />}
        {money !== null && money.unserved > 0 && <Part part={money} title="gaps_money" jump="money" isMoney />}
      </div>
      <div class="gaps-side">
        <Stations />
        <IfOneLeaves />
        <EquityCard equity={found.equity} />
        <Cautions warnings={[...found.warnings, ...found.projects.warnings]} />
        <div data-jump="blind" tabIndex={-1}><BlindSpots found={found} /></div>
      </div>
    </div>
  );
}

function GapsHead({ found }: { found: Gaps }): JSX.Element {
  const parents = useParents();
  const sorted = Object.entries(found.summary).filter(([, places]) => places > 0).sort((one, other) => other[1] - one[1]);
  return (
    <div class="gaps-head">
      <h1>{t("gaps_title", { n: found.unserved })}</h1>
      <p class="gaps-reasons">
        {!isPhone.value && sorted.map(([reason, places]) => (
          <button key={reason} type="button" class="chip" aria-pressed={where.value.reason === reason} onClick={() => toggle("reason", reason)}>
            <ReasonIcon reason={reason} named /> <b class="amount">{num(places)}</b>
          </button>
        ))}
        <OldMark old={gaps.old.value} />
        <button type="button" class="quiet at-end" onClick={() => exportGaps(found, parents)}>{t("export_shown")}</button>
      </p>
    </div>
  );
}

/** On a phone: what the page holds, and how much of it; a press goes there. */
function Jumps({ found }: { found: Gaps }): JSX.Element {
  const { projects, money } = found;
  const blind = [found.areas_without_offer, found.idle_offers, found.idle_units, found.unpaired_areas, found.uncovered_units, found.half_covered_units];
  const jumps: [string, PageWord, string][] = [["gaps", "jump_needs", num(found.unserved)]];
  if (projects.unserved > 0) jumps.push(["projects", "jump_projects", num(projects.unserved)]);
  if (money !== null && money.unserved > 0) jumps.push(["money", "jump_money", t("gap_yuan", { n: money.unserved })]);
  jumps.push(["stations", "jump_stations", ""], ["blind", "blind_spots", num(blind.flat().length)]);
  return (
    <nav class="gaps-jumps" aria-label={t("jump_to")}>
      {jumps.map(([to, word, count]) => (
        <button key={to} type="button" class="chip" onClick={() => jumpTo(to)}>{t(word)} {count && <b class="amount">{count}</b>}</button>
      ))}
    </nav>
  );
}

/** Goes to a section of the page, unfolded, with the keys too. */
function jumpTo(name: string): void {
  const section = document.querySelector<HTMLElement>(`[data-jump="${name}"]`);
  if (section instanceof HTMLDetailsElement) section.open = true;
  const start = section?.querySelector<HTMLElement>(":scope > summary") ?? section;
  section?.scrollIntoView();
  start?.focus({ preventScroll: true });
}

/** Which area lies in which, from the same answer as the outlines. */
function useParents(): ReadonlyMap<string, string | null> {
  const known = outlines.data.value;
  return useMemo(
    () => new Map((known?.features ?? []).map(({ properties }) => [properties.id, properties.parent])),
    [known],
  );
}

interface PartProps {
  part: PartGaps;
  title: PageWord | null;
  /** What a jump to it is called. */
  jump: string;
  isMoney?: boolean;
}

function Part({ part, title, jump, isMoney = false }: PartProps): JSX.Element {
  const parents = useParents();
  const { area, cat, reason, priority } = where.value;
  const shown = useMemo(() => chooseGaps(part.gaps, { area, cat, reason, priority }, parents), [part, area, cat, reason, priority, parents]);
  const groups = groupGaps(shown);
  return (
    <section class="gaps-part" data-jump={jump} tabIndex={-1}>
      {title && <h2>{t(title, { n: part.unserved })}</h2>}
      {shown.length === 0 &&
        (isFiltered.value && part.gaps.length > 0 ? (
          <Empty text={t("none_match")}>
            <button type="button" onClick={dropFilters}>{t("filter_drop_all")}</button>
          </Empty>
        ) : (
          <p>{t("all_matched")}</p>
        ))}
      {groups.map((group) => (
        // Folded on a phone, where all of them would be ten screens long; one alone is what was asked for.
        <details key={group.reason} class="gap-group" data-reason={group.reason} open={!isPhone.value || groups.length === 1}>
          <summary>
            <h3><ReasonIcon reason={group.reason} named /></h3>
            <b class="amount">{isMoney ? t("gap_yuan", { n: group.places }) : num(group.places)}</b>
          </summary>
          <ul>
            {foldGaps(group.gaps).map(([gap, ...same]) => gap && (same.length > 0
              ? <FoldedGaps key={gapKey(gap)} gaps={[gap, ...same]} isMoney={isMoney} />
              : <GapItem key={gapKey(gap)} gap={gap} isMoney={isMoney} />))}
          </ul>
        </details>
      ))}
    </section>
  );
}

function exportGaps(found: Gaps, parents: ReadonlyMap<string, string | null>): void {
  const { area, cat, reason, priority } = where.value;
  const shown = chooseGaps(found.gaps, { area, cat, reason, priority }, parents);
  const columns = [
    { header: t("filter_reason"), text: (gap: (typeof shown)[number]) => reasonName(gap.reason) },
    { header: t("filter_category"), text: (gap: (typeof shown)[number]) => list(Object.keys(gap.by_category).map(categoryName)) },
    { header: t("col_area"), text: (gap: (typeof shown)[number]) => list(Object.keys(gap.by_area).map(areaName)) },
    { header: t("col_places"), text: (gap: (typeof shown)[number]) => num(gap.places) },
    { header: t("gap_people_head"), text: (gap: (typeof shown)[number]) => num(gap.people) },
    { header: t("fix_head"), text: (gap: (typeof shown)[number]) => fixText(gap) },
    { header: t("gap_short_head"), text: (gap: (typeof shown)[number]) => (gap.certificate ? num(gap.certificate.short_by) : "") },
  ];
  saveText("gaps.csv", toCsv(columns, shown));
}

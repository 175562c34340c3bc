import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { getGaps, type Gaps, type PartGaps } from "../../api/plans";
import { useKeys } from "../../keys";
import { ReasonIcon } from "../../parts/icon";
import { saveText, toCsv } from "../../parts/rows";
import { Empty, Loading, OldMark } from "../../parts/states";
import { round, version } from "../../state/data";
import { resource } from "../../state/resource";
import { dropFilters, isFiltered, open, toggle, where } from "../../state/where";
import { categoryName, list, num, reasonName, t, type PageWord } from "../../words";
import { NoDocument, RoundPage } from "../frame/roundpage";
import { StaleBar } from "../frame/stale";
import { outlines } from "../map/mapview";
import { BlindSpots } from "./blind";
import { chooseGaps, gapKey, groupGaps } from "./choose";
import { GapItem } from "./gap";
import { Cautions } from "./cautions";
import { areaName } from "./names";
import { NextSteps } from "./next";
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
  return (
    <div class={gaps.old.value ? "gaps-page is-old" : "gaps-page"}>
      <div class="gaps-main">
        <GapsHead found={found} />
        <StaleBar />
        <Part part={found} title={null} />
        {found.projects.unserved > 0 && <Part part={found.projects} title="gaps_projects" />}
        {found.money !== null && found.money.unserved > 0 && <Part part={found.money} title="gaps_money" isMoney />}
      </div>
      <div class="gaps-side">
        <NextSteps />
        <Stations />
        <IfOneLeaves />
        <EquityCard equity={found.equity} />
        <Cautions warnings={[...found.warnings, ...found.projects.warnings]} />
        <BlindSpots found={found} />
      </div>
    </div>
  );
}

function GapsHead({ found }: { found: Gaps }): JSX.Element {
  const sorted = Object.entries(found.summary).filter(([, places]) => places > 0).sort((one, other) => other[1] - one[1]);
  return (
    <div class="gaps-head">
      <h1>{t("gaps_title", { n: found.unserved })}</h1>
      <p class="gaps-reasons">
        {sorted.map(([reason, places]) => (
          <button key={reason} type="button" class="chip" aria-pressed={where.value.reason === reason} onClick={() => toggle("reason", reason)}>
            <ReasonIcon reason={reason} named /> <b class="amount">{num(places)}</b>
          </button>
        ))}
        <OldMark old={gaps.old.value} />
        <button type="button" class="quiet at-end" onClick={() => exportGaps(found)}>{t("export_shown")}</button>
      </p>
    </div>
  );
}

/** Which area lies in which, from the same answer as the outlines. */
function useParents(): ReadonlyMap<string, string | null> {
  const known = outlines.data.value;
  return useMemo(
    () => new Map((known?.features ?? []).map(({ properties }) => [properties.id, properties.parent])),
    [known],
  );
}

function Part({ part, title, isMoney = false }: { part: PartGaps; title: PageWord | null; isMoney?: boolean }): JSX.Element {
  const parents = useParents();
  const { area, cat, reason, priority } = where.value;
  const shown = useMemo(() => chooseGaps(part.gaps, { area, cat, reason, priority }, parents), [part, area, cat, reason, priority, parents]);
  const groups = groupGaps(shown);
  return (
    <section class="gaps-part">
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
        <section key={group.reason} class="gap-group" data-reason={group.reason}>
          <h3><ReasonIcon reason={group.reason} named /> <span class="amount">{isMoney ? t("gap_yuan", { n: group.places }) : num(group.places)}</span></h3>
          <ul>{group.gaps.map((gap) => <GapItem key={gapKey(gap)} gap={gap} isMoney={isMoney} />)}</ul>
        </section>
      ))}
    </section>
  );
}

function exportGaps(found: Gaps): void {
  const { area, cat, reason, priority } = where.value;
  const shown = chooseGaps(found.gaps, { area, cat, reason, priority }, new Map());
  const columns = [
    { header: t("filter_reason"), text: (gap: (typeof shown)[number]) => reasonName(gap.reason) },
    { header: t("filter_category"), text: (gap: (typeof shown)[number]) => list(Object.keys(gap.by_category).map(categoryName)) },
    { header: t("col_area"), text: (gap: (typeof shown)[number]) => list(Object.keys(gap.by_area).map(areaName)) },
    { header: t("col_places"), text: (gap: (typeof shown)[number]) => num(gap.places) },
    { header: t("gap_people_head"), text: (gap: (typeof shown)[number]) => num(gap.people) },
    { header: t("gap_short_head"), text: (gap: (typeof shown)[number]) => (gap.certificate ? num(gap.certificate.short_by) : "") },
  ];
  saveText("gaps.csv", toCsv(columns, shown));
}

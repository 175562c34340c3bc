import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { getExplanation, type Alternative, type Explanation, type Told } from "../../api/plans";
import type { Row } from "../../api/types";
import { Icon, ReasonIcon, WarningIcon } from "../../parts/icon";
import { Failed, Loading } from "../../parts/states";
import { names, round, version } from "../../state/data";
import { labelOf, wantNames } from "../../state/labels";
import { openPanel, type PanelContent } from "../../state/panel";
import { undo } from "../../state/undo";
import { go } from "../../state/where";
import { lang, num, t } from "../../words";
import { changePanel } from "../change/panel";
import { RecordLink } from "../frame/links";
import { refusePanel } from "./act";
import { CertificateTable } from "./certificate";
import { canRelease, isJustSaved, isLocked, isRefused, lockLine, releaseLine } from "./pledges";
import { linesOf, targetOf } from "./reasons";
import { RegretPart } from "./regret";

/** The panel that says why a need is served as it is, and by nobody else. */
export function whyPanel(row: Row): PanelContent {
  const { table, id } = targetOf(row);
  return { key: `why/${id}`, title: t("why_title", { name: row.title || id }), body: () => <Why row={row} table={table} id={id} /> };
}

const told = (text: Told): string => (lang.value === "zh" ? text.sentence_zh : text.sentence_en);

function Why({ row, table, id }: { row: Row; table: "needs" | "projects"; id: string }): JSX.Element {
  const [found, setFound] = useState<Explanation | null>(null);
  const [error, setError] = useState<unknown>(null);
  const shown = round.value;
  const look = (): void => {
    if (shown === null) return;
    setError(null);
    getExplanation(id, shown).then(setFound, setError);
  };
  useEffect(look, [id, shown, version.value]);
  if (error) return <Failed error={error} onRetry={look} />;
  if (!found) return <Loading />;
  return (
    <div class="why">
      <p class="why-links">
        <RecordLink table={table} id={id}>{t("record_open")}</RecordLink>
        {row.area && <button type="button" class="quiet" onClick={() => go({ page: "map", id: null, sel: `area:${row.area}` })}>{t("on_map")}</button>}
        <button type="button" class="quiet" onClick={() => openPanel(changePanel({ table, id, title: row.title, field: table === "needs" ? "quantity" : "wanted" }))}>{t("change_quantity")}</button>
      </p>
      <p class="why-sentence">{told(found)}</p>
      {row.warnings.length > 0 && <p>{row.warnings.map((name) => <WarningIcon key={name} warning={name} named />)}</p>}
      {row.assignments.length > 0 && <Given row={row} found={found} />}
      {found.unserved && (
        <section>
          <h3><ReasonIcon reason={found.unserved.reason} named /> {num(found.unserved.places)}</h3>
          <p>{told(found.unserved)}</p>
          {found.unserved.nearest && <Nearest nearest={found.unserved.nearest} />}
          {found.unserved.certificate && <CertificateTable certificate={found.unserved.certificate} isMoney={found.measure === "yuan"} />}
        </section>
      )}
      <Others found={found} />
    </div>
  );
}

function Given({ row, found }: { row: Row; found: Explanation }): JSX.Element {
  const lines = linesOf([row], "served");
  return (
    <section>
      <h3>{t("why_given")}</h3>
      <ul class="why-list">
        {lines.map((line) => {
          const { given } = line;
          if (!given) return null;
          const why = found.served_by.find((item) => item.unit === given.unit && item.offer === given.offer);
          return (
            <li key={line.key}>
              <p>
                <RecordLink table="units" id={given.unit}>{given.unit_name}</RecordLink> ×{num(given.places)}
                {isLocked(line) && <span class="note"> <Icon name="lock" /> {t("locked")}</span>}
                {isRefused(line) && <span class="note"> <ReasonIcon reason="refused" /> {t("refused_since")}</span>}
                {given.assumed && <WarningIcon warning="assumed" named />}
              </p>
              {why && <p class="note">{told(why)}</p>}
              <div class="row-actions">
                {canRelease(line) && <button type="button" onClick={() => void releaseLine(line)}>{t(isLocked(line) ? "unlock" : "unrefuse")}</button>}
                {!isLocked(line) && !isRefused(line) && <button type="button" onClick={() => void lockLine(line)}>{t("lock")}</button>}
                {!isRefused(line) && <button type="button" onClick={() => openPanel(refusePanel(line))}>{t("refuse")}</button>}
                {given.offer && <button type="button" onClick={() => openPanel(changePanel({ table: "offers", id: given.offer ?? "", title: given.unit_name, field: "capacity" }))}>{t("change_number")}</button>}
                {isJustSaved(line) && (
                  <span class="saved" role="status">
                    {t("saved")}
                    <span class="dot" aria-hidden="true">·</span>
                    <button type="button" class="quiet" onClick={() => void undo()}>{t("undo")}</button>
                  </span>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Nearest({ nearest }: { nearest: NonNullable<NonNullable<Explanation["unserved"]>["nearest"]> }): JSX.Element | null {
  const { offer, reach_that_would_do_m: wanted } = nearest;
  if (offer === null || wanted === null) return null;
  return (
    <div class="row-actions">
      <button type="button" onClick={() => openPanel(changePanel({ table: "offers", id: offer, title: names.value.get(nearest.unit) ?? "", field: "reach_m", value: wanted }))}>
        {t("try_reach", { n: wanted })}
      </button>
    </div>
  );
}

/** Who else might, each with the numbers against it. */
function Others({ found }: { found: Explanation }): JSX.Element | null {
  const others = found.alternatives.filter(({ reason }) => reason !== "chosen");
  useEffect(() => wantNames("offers", others.flatMap(({ offer }) => offer ?? [])), [found]);
  if (others.length === 0) return null;
  const hidden = found.alternatives_total - found.alternatives.length;
  return (
    <section>
      <h3>{t("why_others")}</h3>
      <ul class="why-list">
        {others.map((other) => <Other key={`${other.offer}/${other.unit}`} need={found.need} other={other} />)}
      </ul>
      {hidden > 0 && <p class="note">{t("why_more", { n: hidden })}</p>}
    </section>
  );
}

function Other({ need, other }: { need: string; other: Alternative }): JSX.Element {
  const { offer } = other;
  const field = other.reason === "too_far" ? "reach_m" : other.reason === "full" ? "capacity" : null;
  const value = other.reason === "too_far" && other.distance_m !== null && other.reach_m ? Math.ceil(other.distance_m) : undefined;
  return (
    <li>
      <p>{told(other)}</p>
      <div class="row-actions">
        {offer && <RecordLink table="offers" id={offer}>{labelOf("offers", offer)}</RecordLink>}
        {offer && field && (field === "capacity" || value !== undefined) && (
          <button
            type="button"
            class="quiet"
            onClick={() => openPanel(changePanel({ table: "offers", id: offer, title: names.value.get(other.unit) ?? "", field, ...(value === undefined ? {} : { value }) }))}
          >
            {value === undefined ? t("change_number") : t("try_reach", { n: value })}
          </button>
        )}
        <RegretPart need={need} other={other} />
      </div>
    </li>
  );
}

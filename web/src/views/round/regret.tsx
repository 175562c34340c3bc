import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { getRegret, type Alternative } from "../../api/plans";
import { Failed } from "../../parts/states";
import { round } from "../../state/data";
import { labelOf, wantNames } from "../../state/labels";
import { lang, num, t } from "../../words";
import { RecordLink } from "../frame/links";

const OF_PROJECTS = "projects:";

/** What a place on an alternative would cost in all, worked out by one search when asked for. */
export function RegretPart({ need, other }: { need: string; other: Alternative }): JSX.Element | null {
  const [found, setFound] = useState<Alternative | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isAsking, setAsking] = useState(false);
  // Only those that could serve the need have a cost.
  if (other.cost === undefined) return null;
  const id = other.offer ?? other.unit;
  const ask = async (): Promise<void> => {
    if (round.value === null) return;
    setError(null);
    setAsking(true);
    try {
      const { alternatives } = await getRegret(need, round.value, id);
      setFound(alternatives.find(({ offer, unit }) => offer === other.offer && unit === other.unit) ?? null);
    } catch (cause) {
      setError(cause);
    } finally {
      setAsking(false);
    }
  };
  if (error !== null) return <Failed error={error} onRetry={() => void ask()} />;
  if (found?.regret === undefined) return <button type="button" class="quiet" disabled={isAsking} onClick={() => void ask()}>{t(isAsking ? "working_on" : "regret_ask")}</button>;
  return <Moves found={found} added={(lang.value === "zh" ? found.sentence_zh : found.sentence_en).slice((lang.value === "zh" ? other.sentence_zh : other.sentence_en).length).trim()} />;
}

/** The sentence that working it out added, and who would move. */
function Moves({ found, added }: { found: Alternative; added: string }): JSX.Element {
  const moves = found.regret?.moves ?? [];
  useEffect(() => {
    const needs = moves.map(({ need }) => need);
    const offers = moves.flatMap(({ from_offer, to_offer }) => [from_offer, to_offer]).filter((id) => id !== null);
    // Of a project or a need: the id alone doesn't tell.
    wantNames("needs", found.offer === null ? [] : needs);
    wantNames("projects", found.offer === null ? needs : []);
    wantNames("offers", offers.filter((id) => !id.startsWith(OF_PROJECTS)));
    wantNames("units", offers.filter((id) => id.startsWith(OF_PROJECTS)).map((id) => id.slice(OF_PROJECTS.length)));
  }, [found]);
  const table = found.offer === null ? "projects" : "needs";
  return (
    <div class="regret" role="status">
      <p>{added}</p>
      {moves.length > 0 && (
        <ul>
          {moves.map((move) => (
            <li key={`${move.need}/${move.from_offer}/${move.to_offer}`}>
              <RecordLink table={table} id={move.need}>{labelOf(table, move.need)}</RecordLink> ×{num(move.places)} {nameOf(move.from_offer)} → {nameOf(move.to_offer)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function nameOf(offer: string | null): string {
  if (offer === null) return t("regret_nobody");
  return offer.startsWith(OF_PROJECTS) ? labelOf("units", offer.slice(OF_PROJECTS.length)) : labelOf("offers", offer);
}

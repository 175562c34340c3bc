import type { JSX } from "preact";
import { signal } from "@preact/signals";
import { getBeside } from "../../api/beside";
import { Failed, Loading } from "../../parts/states";
import { round, version } from "../../state/data";
import { resource } from "../../state/resource";
import { t } from "../../words";
import { PlacesPart } from "../beside/worth";

/** Whose places are asked for: one search of the whole round, so only when wanted. */
const asked = signal<string | null>(null);

const found = resource(() => {
  const [unit, shown] = [asked.value, round.value];
  version.value;
  return unit === null || shown === null ? null : () => getBeside(shown, "more_places", { of: unit });
});

/** What one place more or less is worth of a unit's offers, and of its total. */
export function Worth({ unit }: { unit: string }): JSX.Element {
  const answer = found.data.value;
  const isMine = asked.value === unit;
  return (
    <section class="card worth">
      <h2>{t("beside_worth")}</h2>
      {!isMine && <button type="button" onClick={() => void (asked.value = unit)}>{t("worth_ask")}</button>}
      {isMine && found.error.value ? <Failed error={found.error.value} onRetry={found.reload} /> : null}
      {isMine && !found.error.value && (answer === null || found.old.value) && <Loading />}
      {isMine && answer !== null && !found.old.value && (
        <>
          {!answer.exact && <p class="note">{t("beside_split")}</p>}
          <PlacesPart more={answer.more_places} less={answer.less_places} back={null} />
        </>
      )}
    </section>
  );
}

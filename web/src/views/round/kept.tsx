import type { JSX } from "preact";
import type { Keeping, Spread } from "../../api/types";
import { Num } from "../../parts/num";
import { round } from "../../state/data";
import { t } from "../../words";
import { madeNow } from "./asked";
import { howKept } from "./keeping";

/** What the round kept of a published one, and how places are spread; nothing where neither was asked for. */
export function KeptFigures(): JSX.Element | null {
  const match = madeNow.value?.match;
  if (!match) return null;
  return (
    <>
      {match.keep && <Kept keep={match.keep} />}
      {match.load && <Load load={match.load} />}
    </>
  );
}

function Kept({ keep }: { keep: Keeping }): JSX.Element {
  const { word, filling, kind } = howKept(keep);
  const source = t("p_round", { round: round.value ?? "" });
  const formula = `${keep.places} = ${keep.stay} + ${keep.moved} + ${keep.gone}`;
  return (
    <p class="kept-figures">
      <span>{t("keep_of", { n: keep.places, round: keep.round })}</span>
      <Num after={t("s_comma")} counts={t("keep_stay_what")} kind="count" formula={formula} source={source}>{t("keep_stay", { n: keep.stay })}</Num>
      <Num after={t("s_comma")} counts={t("keep_moved_what")} kind="count" formula={formula} source={source}>{t("keep_moved", { n: keep.moved })}</Num>
      <Num after={t("s_stop")} counts={t("keep_gone_what")} kind="count" formula={formula} source={source}>{t("keep_gone", { n: keep.gone })}</Num>
      <span class={`kept-how kind-${kind}`}>{t(word, filling)}</span>
    </p>
  );
}

function Load({ load }: { load: Spread }): JSX.Element {
  const source = t("p_round", { round: round.value ?? "" });
  return (
    <p class="kept-figures">
      <span>{t("load_spread", { m: load.step_m })}</span>
      <Num after={t("s_comma")} counts={t("load_units_what")} kind="count" source={source}>{t("load_units", { n: load.units })}</Num>
      <Num counts={t("load_most_what")} kind="count" source={source}>{t("load_most", { n: load.most_places })}</Num>
    </p>
  );
}

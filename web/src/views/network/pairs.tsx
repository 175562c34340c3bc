import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { getPairs, type Pairs, type PairsWish } from "../../api/network";
import { saveText, toCsv, type TextColumn } from "../../parts/rows";
import { where } from "../../state/where";
import { lang, num, t } from "../../words";
import { calculation, Outcome } from "./calculation";
import { Choice } from "./choice";
import { Named } from "./groups";

const MOST = ["1", "2", "3", "5"];
const SCORE_DIGITS = 3;

const most = signal("1");
const pairs = calculation<PairsWish, Pairs>(getPairs);

const say = (said: { text: string; text_en: string }): string => (lang.value === "zh" ? said.text : said.text_en);

type Pair = Pairs["pairs"][number];

/** The best set of new pairings for all, each party taking few, since everybody's best partner is the same. */
export function PairsFold(): JSX.Element {
  const { day } = where.value;
  return (
    <details class="spot network-fold" data-fold="pairs">
      <summary><span>{t("pairs_title")}</span></summary>
      <p class="note">{t("pairs_how")}{day !== null && t("pairs_day", { day })}</p>
      <form class="next-form" onSubmit={(event) => { event.preventDefault(); pairs.start({ most: most.value, day }); }}>
        <Choice word="pairs_most" value={most.value} choices={MOST.map((many) => [many, num(Number(many))])} onChoose={(many) => void (most.value = many)} />
        <button type="submit">{t("pairs_find")}</button>
      </form>
      <Outcome of={pairs}>{(found, wish) => <Proposed found={found} wish={wish} />}</Outcome>
    </details>
  );
}

function Proposed({ found, wish }: { found: Pairs; wish: PairsWish }): JSX.Element {
  if (found.pairs.length === 0) return <p role="status">{t("partners_none")}</p>;
  return (
    <>
      <p role="status">
        {wish.day !== null && t("pairs_on_day", { day: wish.day })}
        {t("pairs_joint", { n: found.pairs.length, most: found.most, gain: found.gain_places })}
        {t(found.status === "optimal" ? "pairs_proved" : "rota_unproved")}
      </p>
      <p>{say(found.blind_spots)}</p>
      {found.warnings.map((warning, at) => <p key={at} class="note">△ {say(warning)}</p>)}
      <table class="small-table" data-table="pairs">
        <thead><tr><th scope="col">{t("pairs_both")}</th><th scope="col" class="amount">{t("pairs_score")}</th><th scope="col">{t("partners_why")}</th></tr></thead>
        <tbody>
          {found.pairs.map((pair) => (
            <tr key={pair.parties.join("/")}>
              <th scope="row"><Named id={pair.parties[0]} name={pair.names[0]} />{" × "}<Named id={pair.parties[1]} name={pair.names[1]} /></th>
              <td class="amount">{num(pair.score, SCORE_DIGITS)}</td>
              <td>{sayWhy(pair)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p><button type="button" class="quiet" onClick={() => saveText("pairings.csv", toCsv(pairColumns(), found.pairs))}>{t("net_export")}</button></p>
    </>
  );
}

const sayWhy = ({ reasons }: Pair): string => reasons.map(say).join(t("s_semicolon"));

const pairColumns = (): TextColumn<Pair>[] => [
  { header: t("net_party"), text: ({ names }) => names[0] },
  { header: t("partners_partner"), text: ({ names }) => names[1] },
  { header: t("pairs_score"), text: ({ score }) => String(score) },
  { header: t("partners_why"), text: sayWhy },
];

import type { JSX } from "preact";
import { signal } from "@preact/signals";
import { getPartners, type Partner } from "../../api/cards";
import { Failed, Loading } from "../../parts/states";
import { version } from "../../state/data";
import { resource } from "../../state/resource";
import { lang, num, t } from "../../words";
import { RecordLink } from "../frame/links";

interface PartnersProps {
  party: string;
  /** Of what held on that day alone; null: of all that the lists hold. */
  day?: string | null;
}

/** Whose partners are looked for; asked anew for each party, since each partner takes a solve. */
const asked = signal<{ party: string; day: string | null } | null>(null);

const found = resource(() => {
  const wish = asked.value;
  version.value;
  return wish === null ? null : () => getPartners(wish.party, wish.day);
});

const say = (said: { text: string; text_en: string }): string => (lang.value === "zh" ? said.text : said.text_en);

/** Whom a party should pair with next, each with its reasons and who would lose by it. */
export function Partners({ party, day = null }: PartnersProps): JSX.Element {
  const answer = found.data.value;
  const isMine = asked.value?.party === party && asked.value.day === day;
  return (
    <section class="card partners">
      <h2>{t("partners_title")}</h2>
      {!isMine && <button type="button" onClick={() => void (asked.value = { party, day })}>{t("partners_find")}</button>}
      <p class="note">{t("partners_how")}</p>
      {isMine && found.error.value ? <Failed error={found.error.value} onRetry={found.reload} /> : null}
      {isMine && !found.error.value && (answer === null || found.old.value) && <Loading />}
      {isMine && answer !== null && !found.old.value && <Rows rows={answer} />}
    </section>
  );
}

function Rows({ rows }: { rows: Partner[] }): JSX.Element {
  if (rows.length === 0) return <p>{t("partners_none")}</p>;
  return (
    <table class="small-table">
      <thead>
        <tr><th scope="col">{t("partners_partner")}</th><th scope="col" class="amount">{t("partners_gain")}</th><th scope="col">{t("partners_why")}</th></tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.party}>
            <th scope="row"><RecordLink table={row.table} id={row.party}>{row.name}</RecordLink></th>
            <td class="amount">{num(row.gain_places)}</td>
            <td>
              {row.reasons.map(say).join(t("s_semicolon"))}
              <span class="note"> {say(row.blind_spots)}</span>
              {row.warnings.map((warning, at) => <span key={at} class="note"> △ {say(warning)}</span>)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

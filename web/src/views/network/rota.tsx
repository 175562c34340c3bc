import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { getRota, type Rota, type RotaWish } from "../../api/network";
import { saveText, toCsv, type TextColumn } from "../../parts/rows";
import { lang, num, t, type PageWord } from "../../words";
import { picture } from "./asked";
import { calculation, Outcome } from "./calculation";
import { Choice } from "./choice";
import { Named } from "./groups";

const EVERY = [["month", "rota_month"], ["quarter", "rota_quarter"], ["week", "rota_week"]] as const satisfies [string, PageWord][];
const GAPS = ["0", "1", "2", "3", "4", "6", "8", "11"];

interface Away {
  party: string;
  name: string;
  from: string;
  to: string;
}

/** What is being asked for; of this page alone, so that it is gone with it. */
const every = signal<string>("month");
const gap = signal("");
const body = signal("");
const away = signal<readonly Away[]>([]);
/** The members of the last rota that was found: who can be away. */
const members = signal<Rota["load"]>([]);

const rota = calculation<RotaWish, Rota>(async (wish, stop) => {
  const found = await getRota(wish, stop);
  if (found.load.length > 0) members.value = found.load;
  return found;
});

/** Turns of duty over a year, or why there can be none. */
export function RotaFold(): JSX.Element {
  const bodies = Object.entries(picture.data.value?.names ?? {}).sort(([, one], [, other]) => one.localeCompare(other, "zh"));
  return (
    <details class="spot network-fold" data-fold="rota">
      <summary><span>{t("rota_title")}</span></summary>
      <p class="note">{t("rota_how")}</p>
      <form class="next-form" onSubmit={(event) => { event.preventDefault(); rota.start(readWish(event.currentTarget)); }}>
        <Choice word="rota_body" value={body.value} choices={[["", t("rota_largest")], ...bodies]} onChoose={(id) => { body.value = id; away.value = []; members.value = []; }} />
        <Choice word="rota_every" value={every.value} choices={EVERY.map(([name, word]) => [name, t(word)])} onChoose={(name) => void (every.value = name)} />
        <Choice word="rota_gap" value={gap.value} choices={[["", t("rota_gap_auto")], ...GAPS.map((most): [string, string] => [most, num(Number(most))])]} onChoose={(most) => void (gap.value = most)} />
        <label>{t("rota_from")} <input type="date" class="pick" name="from" /></label>
        <label>{t("rota_to")} <input type="date" class="pick" name="to" /></label>
        <label class="check"><input type="checkbox" name="by_area" /> {t("rota_by_area")}</label>
        <label class="check"><input type="checkbox" name="equal" /> {t("rota_equal")}</label>
        <button type="submit">{t("rota_make")}</button>
      </form>
      <Absences />
      <Outcome of={rota}>{(found) => (found.conflict ? <Impossible found={found} conflict={found.conflict} /> : <Turns found={found} />)}</Outcome>
    </details>
  );
}

function readWish(form: HTMLFormElement): RotaWish {
  const data = new FormData(form);
  const said = (name: string): string | null => String(data.get(name) ?? "") || null;
  return {
    body: body.value || null, every: every.value, gap: gap.value || null, from: said("from"), to: said("to"),
    by_area: data.has("by_area") ? "true" : null, equal: data.has("equal") ? "true" : null,
    away: away.value.map(({ party, from, to }) => `${party}:${from}..${to}`),
  };
}

/** Who can't when; it counts at the next working out. */
function Absences(): JSX.Element | null {
  if (members.value.length === 0) return null;
  return (
    <details class="spot" data-fold="away" open={away.value.length > 0}>
      <summary><span>{t("rota_away")}</span></summary>
      <p class="note">{t("rota_away_how")}</p>
      <form class="next-form" onSubmit={(event) => { event.preventDefault(); addAbsence(event.currentTarget); }}>
        <label>{t("rota_away_who")} <select class="pick" name="party">{members.value.map(({ party, name }) => <option key={party} value={party}>{name}</option>)}</select></label>
        <label>{t("rota_away_from")} <input type="date" class="pick" name="from" required /></label>
        <label>{t("rota_away_to")} <input type="date" class="pick" name="to" required /></label>
        <button type="submit">{t("rota_away_add")}</button>
      </form>
      <ul class="plain-list">
        {away.value.map((one, at) => (
          <li key={`${one.party}/${one.from}`}>
            {t("rota_away_said", { name: one.name, from: one.from, to: one.to })}
            <button type="button" class="quiet" onClick={() => void (away.value = away.value.filter((_, other) => other !== at))}>{t("rota_away_drop")}</button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function addAbsence(form: HTMLFormElement): void {
  const data = new FormData(form);
  const party = String(data.get("party"));
  const [from = "", to = ""] = [String(data.get("from")), String(data.get("to"))].sort();
  const name = members.value.find((member) => member.party === party)?.name ?? party;
  const others = away.value.filter((one) => one.party !== party || one.from !== from);
  away.value = [...others, { party, name, from, to }];
}

/** Which rules can't be kept together, and what would help. */
function Impossible({ found, conflict }: { found: Rota; conflict: NonNullable<Rota["conflict"]> }): JSX.Element {
  return (
    <section class="network-impossible">
      <p role="status">{t("rota_impossible", { name: found.name })}</p>
      <ul class="bullets">{conflict.rules.map((rule) => <li key={rule.text}>{lang.value === "zh" ? rule.text : rule.text_en}</li>)}</ul>
      <p class="note">{t(conflict.smallest ? "rota_smallest" : "rota_perhaps_fewer")}{t("rota_remedy")}</p>
    </section>
  );
}

type Turn = Rota["turns"][number];

const sayDays = ({ from, to }: Turn): string => t("rota_days", { from, to });

function Turns({ found }: { found: Rota }): JSX.Element {
  const hasAreas = found.turns.some(({ area }) => area !== null);
  return (
    <>
      <p role="status">
        {t("rota_made", { name: found.name, n: found.turns.length, gap: num(found.gap), away: num(found.largest_deviation, 2) })}
        {t(found.status === "optimal" ? "rota_proved" : "rota_unproved")}
      </p>
      <table class="small-table" data-table="turns">
        <thead><tr><th scope="col">{t("rota_when")}</th>{hasAreas && <th scope="col">{t("net_by_area")}</th>}<th scope="col">{t("rota_who")}</th></tr></thead>
        <tbody>
          {found.turns.map((turn) => (
            <tr key={`${turn.from}/${turn.area}`}><th scope="row">{sayDays(turn)}</th>{hasAreas && <td>{turn.area_name}</td>}<td><Named id={turn.party} name={turn.name} /></td></tr>
          ))}
        </tbody>
      </table>
      <table class="small-table" data-table="shares">
        <caption class="note">{t("rota_shares")}</caption>
        <thead><tr><th scope="col">{t("net_party")}</th><th scope="col" class="amount">{t("rota_turns")}</th><th scope="col" class="amount">{t("rota_fair")}</th></tr></thead>
        <tbody>
          {found.load.map(({ party, name, turns, fair, assumed }) => (
            <tr key={party}><th scope="row">{name}</th><td class="amount">{num(turns)}</td><td class="amount">{assumed && "≈"}{num(fair, 2)}</td></tr>
          ))}
        </tbody>
      </table>
      <p><button type="button" class="quiet" onClick={() => saveText("rota.csv", toCsv(turnColumns(), found.turns))}>{t("net_export")}</button></p>
    </>
  );
}

const turnColumns = (): TextColumn<Turn>[] => [
  { header: t("rota_from"), text: ({ from }) => from },
  { header: t("rota_to"), text: ({ to }) => to },
  { header: t("net_by_area"), text: ({ area_name: name }) => name ?? "" },
  { header: t("rota_who"), text: ({ name }) => name },
];

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Picture } from "../../api/network";
import { getCard, type Card } from "../../api/cards";
import { Loading } from "../../parts/states";
import { usedOf } from "../../parts/used";
import { openPanel } from "../../state/panel";
import { RECORD_TABLES } from "../../state/url";
import { version } from "../../state/data";
import { where } from "../../state/where";
import { andMore, list, num, t } from "../../words";
import { RecordLink } from "../frame/links";
import { PAIRING } from "../record/fields";
import { Partners } from "../record/partners";
import { breaking, circles, leaving, measured, picture, ties } from "./asked";
import { nameOf, openOf } from "./sayings";
import { digitsOf, fits, holdsOn, onlyTiedTo, partnersOf, rangeOf, type Partner } from "./shapes";

const AT_ONCE = 12;
const NAMED = 6;
const PERCENT = 100;

interface Shown {
  row: number;
  /** Selects another party and shows it here. */
  onOther: (row: number) => void;
}

/** Opens the panel of one party. */
export function openParty(drawn: Picture, { row, onOther }: Shown, isBeside: boolean): void {
  const party = drawn.parties[row];
  if (party) openPanel({ key: `network/${party.id}`, title: party.name, isBeside, body: () => <Party id={party.id} onOther={onOther} /> });
}

/** Whom a party is tied to, what it gives and takes, what breaks without it, whom to pair it with next. */
function Party({ id, onOther }: { id: string; onOther: Shown["onOther"] }): JSX.Element {
  const drawn = picture.data.value;
  const row = drawn?.parties.findIndex((party) => party.id === id) ?? -1;
  const party = drawn?.parties[row];
  if (!drawn || !party) return <Loading />;
  const partners = partnersOf(drawn);
  // Nothing goes through what could be: who leaves breaks no tie of it.
  const isThrough = fits("articulation", ties.value);
  return (
    <div class="network-party">
      <p><RecordLink table={party.table ?? ""} id={id}>{t("record_open")}</RecordLink></p>
      <Ties drawn={drawn} id={id} partners={partners[row] ?? []} onOther={onOther} />
      <Without drawn={drawn} row={row} alone={isThrough ? onlyTiedTo(row, partners) : []} />
      {party.table !== null && (RECORD_TABLES as readonly string[]).includes(party.table) && <Exchange key={id} table={party.table} id={id} />}
      {party.table !== null && PAIRING.has(party.table) && <Partners party={id} day={where.value.day} />}
    </div>
  );
}

interface TiesProps {
  drawn: Picture;
  id: string;
  partners: Partner[];
  onOther: Shown["onOther"];
}

function Ties({ drawn, id, partners, onOther }: TiesProps): JSX.Element {
  const [most, setMost] = useState(AT_ONCE);
  const left = partners.length - most;
  return (
    <section>
      <h3>{t("net_ties_of")} <span class="amount text2">{num(partners.length)}</span></h3>
      {partners.length === 0 && <p class="text2">{t("net_ties_none")}</p>}
      <Circle id={id} />
      <Range id={id} />
      <ul class="plain-list">
        {partners.slice(0, most).map(({ row, weight }) => (
          <li key={row}>
            <button type="button" class="quiet" onClick={() => onOther(row)}>{drawn.parties[row]?.name}</button>
            {weight > 1 && <span class="amount">{t("net_times", { n: weight })}</span>}
          </li>
        ))}
      </ul>
      {left > 0 && <button type="button" class="quiet" onClick={() => setMost(most + 10 * AT_ONCE)}>{t("net_more", { n: Math.min(left, 10 * AT_ONCE) })}</button>}
    </section>
  );
}

/** The circle that the party is found in, and how much of it other draws find together with it. */
function Circle({ id }: { id: string }): JSX.Element | null {
  const found = circles.data.value?.find((party) => party.id === id);
  if (!found || found.value === null || found.together === undefined) return null;
  const { together: share, together_from: from = share, together_to: to = share } = found;
  const shares = { share: num(PERCENT * share), from: num(PERCENT * from), to: num(PERCENT * to) };
  // What lists leave open is said once: below the table, if the measure shown there says it.
  const told = openOf(measured.data.value?.values ?? []);
  return (
    <>
      <p class="note">{t("net_circle_found", { n: found.value, size: num(found.size), share: from < to ? t("net_share_span", shares) : `${shares.share}%` })}</p>
      {openOf([found]).filter((text) => !told.includes(text)).map((text) => <p key={text} class="note">{text}</p>)}
    </>
  );
}

/** Between which values the measure shown may lie for the party; nothing where it is sure, or no range can be given. */
function Range({ id }: { id: string }): JSX.Element | null {
  const answer = measured.data.value;
  const found = answer?.values.find((party) => party.id === id);
  const range = found ? rangeOf(found) : null;
  if (!answer || !range || typeof found?.value !== "number") return null;
  const [from, to] = range;
  const say = (value: number): string => num(value, digitsOf(value));
  const named = { name: nameOf(answer.name, answer.kind), value: say(found.value) };
  return <p class="note" data-range>{to === null ? t("net_at_least", named) : t("net_may_be", { ...named, from: say(from), to: say(to) })}</p>;
}

/** What comes apart if the party leaves: the network, whose only tie it is, and places of the round. */
function Without({ drawn, row, alone }: { drawn: Picture; row: number; alone: number[] }): JSX.Element {
  const id = drawn.parties[row]?.id;
  const parts = breaking.data.value?.find((party) => party.id === id)?.value ?? null;
  // The round is planned for all of its days, not for the one that is looked at.
  const lost = where.value.day !== null ? undefined : leaving.data.value?.if_one_leaves.find(({ unit }) => unit === id);
  const names = alone.slice(0, NAMED).map((other) => drawn.parties[other]?.name ?? "");
  const rest = alone.length > NAMED ? andMore(NAMED, alone.length) : "";
  const isKnown = breaking.data.value !== null || !fits("articulation", ties.value);
  return (
    <section>
      <h3>{t("net_breaks")}</h3>
      {!isKnown && <Loading />}
      {isKnown && (
        <ul class="network-breaks">
          {parts !== null && parts > 0 && <li>{t("net_breaks_parts", { n: parts })}</li>}
          {alone.length > 0 && <li>{t("net_breaks_alone", { names: `${list(names)}${rest}` })}</li>}
          {lost && <li>{t(lost.exact ? "net_breaks_places" : "net_breaks_places_least", { n: lost.places })}</li>}
          {!parts && alone.length === 0 && !lost && <li class="text2">{t("net_breaks_none")}</li>}
        </ul>
      )}
    </section>
  );
}

function useCard(table: string, id: string): Card | null {
  const [card, setCard] = useState<Card | null>(null);
  useEffect(() => {
    let ended = false;
    getCard(table, id).then((found) => !ended && setCard(found), () => undefined);
    return () => {
      ended = true;
    };
  }, [table, id, version.value]);
  return card;
}

function Exchange({ table, id }: { table: string; id: string }): JSX.Element | null {
  const card = useCard(table, id);
  if (!card) return null;
  const { day } = where.value;
  const gives = card.gives.filter((offer) => holdsOn(offer, day));
  const takes = card.takes.filter((need) => holdsOn(need, day));
  return (
    <>
      {day !== null && <p class="note">{t("net_on_day")}</p>}
      <Listed title={t("net_gives")} count={gives.length}>
        {gives.map((offer) => (
          <li key={offer.id}>
            <RecordLink table="offers" id={offer.id}>{offer.title || offer.id}</RecordLink>
            <span class="amount">{usedOf(offer)}</span>
          </li>
        ))}
      </Listed>
      <Listed title={t("net_takes")} count={takes.length}>
        {takes.map((need) => (
          <li key={need.id}>
            <RecordLink table={need.table} id={need.id}>{String(need["title"] || need["name"] || need.id)}</RecordLink>
            <span class="amount">{t("rec_served", { served: need.served, wanted: num(Number(need["quantity"] ?? need["wanted"] ?? 0)) })}</span>
          </li>
        ))}
      </Listed>
    </>
  );
}

function Listed({ title, count, children }: { title: string; count: number; children: ComponentChildren[] }): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? children : children.slice(0, NAMED);
  return (
    <section>
      <h3>{title} <span class="amount text2">{num(count)}</span></h3>
      {count === 0 ? <p class="text2">{t("net_nothing")}</p> : <ul class="plain-list">{shown}</ul>}
      {count > shown.length && <button type="button" class="quiet" onClick={() => setWhole(true)}>{t("net_rest_of", { n: count - shown.length })}</button>}
    </section>
  );
}

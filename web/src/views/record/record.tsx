import type { ComponentChildren, JSX } from "preact";
import { Refusal } from "../../api/client";
import { getCard, type Card } from "../../api/cards";
import type { Fields, Row } from "../../api/types";
import { Icon } from "../../parts/icon";
import { actionName, momentText } from "../../parts/revisions";
import { Empty, Failed, Loading, OldMark } from "../../parts/states";
import { usedOf } from "../../parts/used";
import { version } from "../../state/data";
import { openPanel } from "../../state/panel";
import { resource } from "../../state/resource";
import { open, where } from "../../state/where";
import { categoryName, columnName, num, t, tableName, valueName, type PageWord } from "../../words";
import { useKeys } from "../../keys";
import { changePanel } from "../change/panel";
import { RecordLink } from "../frame/links";
import { whyPanel } from "../round/why";
import { Field } from "./field";
import { isEmpty, PAIRING, readNotes, shownFields } from "./fields";
import { Partners } from "./partners";
import { Worth } from "./worth";

const NOT_FOUND = 404;

const card = resource(() => {
  const { page, table, id } = where.value;
  version.value;
  return page !== "record" || table === null || id === null ? null : () => getCard(table, id);
});

/** A record: its fields, what it gives and takes, its ties, and what happened to it. */
export function RecordPage(): JSX.Element {
  const shown = card.data.value;
  const { table, id } = where.value;
  useKeys({
    m: () => open("map", { sel: where.value.sel }),
    Space: () => {
      const now = card.data.peek();
      const row = now ? rowOf(now) : null;
      if (!row) return false;
      openPanel(whyPanel(row));
    },
    e: () => {
      const now = card.data.peek();
      if (!now || (now.table !== "offers" && now.table !== "units" && now.table !== "needs")) return false;
      openPanel(changePanel({ table: now.table, id: String(now.record["id"]), title: now.name }));
    },
  });
  if (card.error.value instanceof Refusal && card.error.value.status === NOT_FOUND) return <NoRecord table={table ?? ""} id={id ?? ""} />;
  if (card.error.value && (!shown || shown.record["id"] !== id)) return <Failed error={card.error.value} onRetry={card.reload} />;
  if (!shown || shown.table !== table || shown.record["id"] !== id) return <Loading />;
  return <Shown card={shown} />;
}

/** Says which record isn't there; it may have been undone, or the link is an old one. */
function NoRecord({ table, id }: { table: string; id: string }): JSX.Element {
  return (
    <Empty text={t("rec_missing", { table: tableName(table), id })}>
      <button type="button" onClick={() => open("lists")}>{t("page_lists")}</button>
      <button type="button" onClick={() => open("today")}>{t("to_today")}</button>
    </Empty>
  );
}

const text = (value: Fields[string] | undefined): string => (value === null || value === undefined ? "" : String(value));

/** The card of a need or project as a row of the round, for the panel that says why. */
function rowOf({ table, record, name, names, takes, assignments }: Card): Row | null {
  if (table !== "needs" && table !== "projects") return null;
  const wanted = Number(record[table === "needs" ? "quantity" : "wanted"] ?? 0);
  const served = takes[0]?.served ?? 0;
  const area = text(record["area"]) || null;
  return {
    ...(table === "needs" ? { need: text(record["id"]) } : { project: text(record["id"]) }),
    kind: table === "needs" ? "need" : "project",
    title: name, group: text(record["group"]), category: text(record["category"]) || null, area, area_name: area ? (names[area] ?? area) : null,
    priority: Number(record["priority"] ?? 3), quantity: wanted, served, unserved: Math.max(0, wanted - served), reason: null, certificate: null,
    warnings: [], assignments: assignments.map((given) => ({ ...given, why: null })),
  };
}

function Shown({ card: shown }: { card: Card }): JSX.Element {
  const { table, record, name, names } = shown;
  const id = text(record["id"]);
  const fields = shownFields(record);
  const filled = fields.filter((field) => !isEmpty(record, field));
  const empty = fields.filter((field) => isEmpty(record, field));
  const row = rowOf(shown);
  const list = text(record["list_name"]);
  const render = (field: string): JSX.Element => <Field key={`${id}/${field}`} table={table} id={id} name={field} record={record} names={names} />;
  return (
    <div class="record-page">
      <div class="record-head">
        <h1>{name}</h1>
        <span class="text2">{tableName(table)}</span>
        <OldMark old={card.old.value} />
        <span class="round-buttons">
          {row && <button type="button" onClick={() => openPanel(whyPanel(row))}>{t("selected_why")}</button>}
          {(table === "offers" || table === "units" || table === "needs" || table === "projects") && (
            <button type="button" onClick={() => openPanel(changePanel({ table, id, title: name }))}>{t("change_number")}</button>
          )}
          {table === "units" && <button type="button" onClick={() => open("round", { unit: id })}>{t("selected_rows")}</button>}
          {(table === "units" || table === "areas") && <button type="button" onClick={() => open("map", { sel: `${table.slice(0, -1)}:${id}` })}>{t("on_map")}</button>}
        </span>
      </div>
      <div class="record-below">
        <section class="card">
          <h2>{t("rec_fields")}</h2>
          <dl class="fields">{filled.map(render)}</dl>
          {empty.length > 0 && (
            <details class="empty-fields">
              <summary>{t("rec_more_fields", { n: empty.length })}</summary>
              <dl class="fields">{empty.map(render)}</dl>
            </details>
          )}
          <Notes record={record} />
          {list && <p class="note">{t("rec_at_list", { list, row: Number(record["list_row"] ?? 0) })}</p>}
        </section>
        <div class="record-ties">
          <Ties shown={shown} />
          {table === "units" && <Worth unit={id} />}
          {PAIRING.has(table) && <Partners party={id} />}
        </div>
      </div>
    </div>
  );
}

/** What the list's further columns say, as written there. */
function Notes({ record }: { record: Fields }): JSX.Element | null {
  const notes = readNotes(record);
  if (notes.length === 0) return null;
  return (
    <details class="empty-fields">
      <summary>{t("rec_notes", { n: notes.length })}</summary>
      <dl class="fields">
        {notes.map(([name, value]) => (
          <div class="field" key={name}>
            <dt>{columnName(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Part({ word, count, children }: { word: PageWord; count: number; children: ComponentChildren }): JSX.Element | null {
  if (count === 0) return null;
  return (
    <section class="card">
      <h2>{t(word)} <span class="amount text2">{num(count)}</span></h2>
      <ul class="plain-list">{children}</ul>
    </section>
  );
}

function Ties({ shown }: { shown: Card }): JSX.Element {
  const { table, gives, takes, assignments, claims, pairings, branches, alliances, services, history } = shown;
  return (
    <>
      {table !== "offers" && (
        <Part word="rec_gives" count={gives.length}>
          {gives.map((offer) => (
            <li key={offer.id}>
              <span><RecordLink table="offers" id={offer.id}>{offer.title || offer.id}</RecordLink> <span class="note">{categoryName(text(offer["category"]))}</span></span>
              <span>{usedOf(offer)}</span>
            </li>
          ))}
        </Part>
      )}
      {table !== "needs" && table !== "projects" && (
        <Part word="rec_takes" count={takes.length}>
          {takes.map((need) => (
            <li key={need.id}>
              <span><RecordLink table={need.table} id={need.id}>{text(need["title"]) || text(need["name"]) || need.id}</RecordLink> <span class="note">{text(need["category"]) && categoryName(text(need["category"]))}</span></span>
              <span>{t("rec_served", { served: need.served, wanted: num(Number(need["quantity"] ?? need["wanted"] ?? 0)) })}</span>
            </li>
          ))}
        </Part>
      )}
      <Part word="rec_assigned" count={assignments.length}>
        {assignments.map((given, at) => (
          <li key={at}>
            <span>
              <RecordLink table={given.need ? "needs" : "projects"} id={given.need ?? given.project ?? ""}>{given.title}</RecordLink>
              {" → "}
              <RecordLink table="units" id={given.unit}>{given.unit_name}</RecordLink>
            </span>
            <span class="amount">
              {given.locked && <Icon name="lock" label={t("locked")} />} ×{num(given.places)}
              {given.distance_m !== null && <span class="note"> {t(given.estimate ? "metres_about" : "metres", { n: Math.round(given.distance_m) })}</span>}
            </span>
          </li>
        ))}
      </Part>
      <Part word="rec_claims" count={claims.length}>
        {claims.map((claim) => (
          <li key={claim.id}>
            <span>{claim.by_name} → <RecordLink table={text(claim["target_table"])} id={text(claim["target"])}>{claim.target_name}</RecordLink></span>
            <span><RecordLink table="claims" id={claim.id}>{valueName("claim_status", text(claim["status"]))}</RecordLink> {text(claim["why"]) && <span class="note">{text(claim["why"])}</span>}</span>
          </li>
        ))}
      </Part>
      <Part word="rec_pairings" count={pairings.length}>
        {pairings.map((pairing) => (
          <li key={pairing.id}>
            <RecordLink table="pairings" id={pairing.id}>{pairing.party_names.join("—")}</RecordLink>
            <span class="note">{text(pairing["kind"])}</span>
          </li>
        ))}
      </Part>
      <Part word="rec_branches" count={branches.length}>
        {branches.map((branch) => (
          <li key={branch.id}>
            <RecordLink table="branches" id={branch.id}>{branch.name}</RecordLink>
            <span class="note">{branch["coverage"] ? valueName("coverage", text(branch["coverage"])) : ""}</span>
          </li>
        ))}
      </Part>
      <Part word="rec_alliances" count={alliances.length}>
        {alliances.map((tie) => (
          <li key={tie.id}>
            <RecordLink table="alliances" id={tie.alliance}>{tie.alliance_name}</RecordLink>
            <span class="note">{text(tie["role"])}</span>
          </li>
        ))}
      </Part>
      <Part word="rec_services" count={services.length}>
        {services.map((service) => (
          <li key={service.id}>
            <span>{[text(service["from"]), text(service["to"])].filter(Boolean).join("–") || t("unknown")}</span>
            <span>{t("rec_delivered", { activities: count(service["activities"]), services: count(service["services"]), people: count(service["served_person_times"]) })} {text(service["approx"])}</span>
          </li>
        ))}
      </Part>
      <Part word="rec_history" count={history.length}>
        {history.map((item) => (
          <li key={item.revision}>
            <span>{actionName(item.action)} <span class="note">{(Array.isArray(item.fields) ? item.fields : Object.keys(item.fields)).map(columnName).join("、")}</span></span>
            <span class="note">{t("revision", { n: item.revision })} {momentText(item.at)}</span>
          </li>
        ))}
      </Part>
    </>
  );
}

const count = (value: Fields[string] | undefined): string => num(typeof value === "number" ? value : null);

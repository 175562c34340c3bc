import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Measured, Picture as Document } from "../../api/network";
import { useKeys } from "../../keys";
import { Empty, Failed, Loading, OldMark } from "../../parts/states";
import { holdsLists } from "../../state/data";
import { openPanel } from "../../state/panel";
import { isPhone } from "../../state/prefs";
import { go, select, where } from "../../state/where";
import { lang, num, t, tableName, type PageWord } from "../../words";
import { NoLists } from "../frame/roundpage";
import { AheadPanel } from "./ahead";
import { colour, measure, measured, picture, proposal, ties } from "./asked";
import { Choice } from "./choice";
import { changeOf, GroupsHead } from "./groups";
import { openParty } from "./party";
import { Picture } from "./picture";
import { nameOf, openOf, sayingOf } from "./sayings";
import { coloursOf, groupParties, measuresOf, partnersOf, radiiOf, rangesOf, rowOfSel, selOf, TIES, valuesOf, type Colour, type Group, type Groups, type PartyRow, type TieKind } from "./shapes";
import { PartyTable } from "./table";
import { WholePanel } from "./whole";

const TIES_WORD: Record<TieKind, PageWord> = {
  pairings: "net_pairings", agreements: "net_agreements", memberships: "net_memberships", alliances: "net_alliances", services: "net_services",
  complement: "net_complement", branches: "net_branches", tree: "net_tree", multilayer: "net_multilayer",
};
const COLOUR_WORD: Record<Colour, PageWord> = { community: "net_by_community", alliance: "net_by_alliance", kind: "net_by_kind", group: "net_by_group" };

const SENTENCE_WORD: Partial<Record<TieKind, PageWord>> = { agreements: "net_sentence_agreements", tree: "net_sentence_plain" };
/** Whom a party is tied to, where they are no partners. */
const PARTNERS_WORD: Partial<Record<TieKind, PageWord>> = {
  agreements: "net_partners_agreements", memberships: "net_partners_memberships", alliances: "net_partners_alliances", services: "net_partners_services",
  complement: "net_partners_complement", branches: "net_partners_branches", tree: "net_partners_tree",
};
const EMPTY_WORD: Partial<Record<TieKind, PageWord>> = { agreements: "net_no_ties_agreements", complement: "net_no_ties_complement", tree: "net_no_ties_tree" };

/** Who is tied to whom: a picture and the table of the same, and what each party means to the rest. */
export function NetworkPage(): JSX.Element {
  if (!holdsLists.value) return <NoLists />;
  const drawn = picture.data.value;
  if (!drawn) return picture.error.value ? <Failed error={picture.error.value} onRetry={picture.reload} /> : <Loading />;
  return (
    <div class="map-page network-page">
      <Head drawn={drawn} />
      {drawn.ties.length === 0 ? <Empty text={t(EMPTY_WORD[ties.value] ?? "net_no_ties")} /> : <Shown drawn={drawn} />}
    </div>
  );
}

function Head({ drawn }: { drawn: Document }): JSX.Element {
  const alone = drawn.parties.filter(({ community }) => community === null).length;
  // Where pairings stand whole they are no parties.
  const pairings = drawn.parties.filter(({ table }) => table === "pairings").length;
  const circles = Math.max(0, ...drawn.parties.map(({ community }) => community ?? 0));
  return (
    <div class="network-head">
      <p class="network-sentence">
        {t(SENTENCE_WORD[ties.value] ?? "net_sentence", { parties: drawn.parties.length - pairings, pairings, ties: drawn.ties_total, circles, alone })}
        {drawn.ties_total > drawn.ties.length && t("net_capped", { n: drawn.ties.length })}
        <OldMark old={picture.old.value} />{" "}
        <button type="button" class="quiet" onClick={() => openPanel({ key: "network/whole", title: t("net_whole"), body: () => <WholePanel /> })}>{t("net_whole")}</button>{" "}
        <button type="button" class="quiet" onClick={() => openPanel({ key: "network/ahead", title: t("net_ahead"), body: AheadPanel })}>{t("net_ahead")}</button>
      </p>
      <div class="network-choices">
        <Choice word="net_ties" value={ties.value} choices={TIES.map((kind) => [kind, t(TIES_WORD[kind])])} onChoose={(kind) => go({ ties: kind, sel: null })} />
        <Choice word="net_colour" value={colour.value} choices={coloursOf(ties.value).map((name) => [name, t(COLOUR_WORD[name])])} onChoose={(name) => go({ colour: name }, "replace")} />
        <Choice word="net_size" value={measure.value} choices={measuresOf(ties.value).map((name) => [name, nameOf(name, ties.value)])} onChoose={(name) => go({ measure: name }, "replace")} />
        <label>
          {t("net_day")}{" "}
          <input type="date" class="pick" value={where.value.day ?? ""} onChange={(event) => go({ day: event.currentTarget.value || null })} />
        </label>
        <span class="note">{sayingOf(measure.value, ties.value)}</span>
        <span class="note" data-ties>{drawn[lang.value === "zh" ? "ties_zh" : "ties_en"]}</span>
      </div>
      {colour.value === "group" && <GroupsHead drawn={drawn} />}
    </div>
  );
}

function groupName(drawn: Document, by: Colour, group: Group | null): string {
  if (!group) return "";
  if (by === "community") return t("net_circle_short", { n: Number(group.id) });
  if (by === "alliance") return drawn.names[group.id] ?? group.id;
  if (by === "group") return t("net_group_short", { n: Number(group.id) });
  return tableName(group.id);
}

function Shown({ drawn }: { drawn: Document }): JSX.Element {
  const by = colour.value;
  const partners = useMemo(() => partnersOf(drawn), [drawn]);
  const proposed = proposal.data.value;
  const groups = useMemo(() => groupParties(drawn, by, partners, proposed), [drawn, by, partners, proposed]);
  const changes = useMemo(() => changeOf(proposed), [proposed, lang.value]);
  const answer = measured.data.value;
  const values = useMemo(() => valuesOf(drawn, answer?.values ?? []), [drawn, answer]);
  const ranges = useMemo(() => rangesOf(drawn, answer?.values ?? []), [drawn, answer]);
  const radii = useMemo(() => radiiOf(values), [values]);
  const rows = useMemo<PartyRow[]>(
    () =>
      drawn.parties
        .map((party, row) => ({
          row, party, group: groupName(drawn, by, groups.of[row] ?? null), value: values[row] ?? null, range: ranges[row] ?? null, change: changes.get(party.id) ?? null, partners: partners[row] ?? [],
          partnerNames: (partners[row] ?? []).map((partner) => drawn.parties[partner.row]?.name ?? "").join("\n"),
        }))
        .sort((one, other) => Number(other.change !== null) - Number(one.change !== null) || (other.value ?? -1) - (one.value ?? -1) || one.row - other.row),
    [drawn, by, groups, values, ranges, partners, changes, lang.value],
  );
  const open = sayOpen(answer?.values ?? []);
  const selected = rowOfSel(drawn, where.value.sel);
  const choose = (row: number | null): void => {
    const party = row === null ? undefined : drawn.parties[row];
    select(party ? selOf(party) : null);
  };
  const show = (row: number, isBeside = false): void => {
    choose(row);
    openParty(drawn, { row, onOther: (other) => show(other) }, isBeside);
  };
  useKeys({ Space: () => (selected === null ? false : show(selected)) }, [selected]);
  return (
    <>
      <div class="map-large">
        <Picture picture={drawn} groups={groups} radii={radii} selected={selected} onSelect={choose} onOpen={(row) => show(row)} />
        <GroupLegend drawn={drawn} groups={groups} by={by} />
      </div>
      <PartyTable drawn={drawn} rows={rows} selected={selected} measureName={nameOf(measure.value, ties.value)} partnersName={t(PARTNERS_WORD[ties.value] ?? "net_partners")} groupName={t(by === "group" ? "net_group_column" : COLOUR_WORD[by])} onSelect={choose} onOpen={(row) => show(row, true)} />
      {open.map((text) => <p key={text} class="note" data-open>{text}</p>)}
      {measured.error.value ? <Failed error={measured.error.value} onRetry={measured.reload} /> : null}
    </>
  );
}

/** What to say of numbers that lists which go on leave open; nothing: every list ends, or only draws differ. */
function sayOpen(values: readonly Measured[]): string[] {
  const told = openOf(values);
  if (told.length > 0) return told;
  return values.some(({ from, to, value }) => from === value && to !== undefined && to !== value) ? [t("net_open_least")] : [];
}

function GroupLegend({ drawn, groups, by }: { drawn: Document; groups: Groups; by: Colour }): JSX.Element {
  const coloured = groups.all.filter(({ colour: own }) => own !== null);
  const rest = groups.all.filter(({ colour: own }) => own === null).reduce((sum, { size }) => sum + size, 0);
  const none = groups.of.filter((group) => group === null).length;
  return (
    <details class="network-legend" open={!isPhone.value}>
      <summary>{t("legend")}</summary>
      <ul>
        {coloured.map((group) => (
          <li key={group.id}>
            <span class={`group-dot group-${group.colour}`} aria-hidden="true" />
            <b>{group.colour}</b>
            {by === "community"
              ? t("net_circle", { n: Number(group.id), name: drawn.parties[group.first]?.name ?? "", size: group.size })
              : t("net_group", { name: groupName(drawn, by, group), size: group.size })}
          </li>
        ))}
        {rest > 0 && <li><span class="group-dot" aria-hidden="true" />{t("net_rest", { size: num(rest) })}</li>}
        {none > 0 && <li><span class="group-dot" aria-hidden="true" />{t("net_none", { size: num(none) })}</li>}
      </ul>
    </details>
  );
}

import type { JSX } from "preact";
import type { Judged, Move, Picture, Proposal } from "../../api/network";
import { Failed, Loading, OldMark } from "../../parts/states";
import { openPanel } from "../../state/panel";
import { go, select, where } from "../../state/where";
import { lang, list, num, t, type PageWord } from "../../words";
import { beside, into, picture, proposal } from "./asked";
import { Choice } from "./choice";
import { BESIDE, INTO, rowOfSel, selOf, type Beside } from "./shapes";

const BESIDE_WORD: Record<Beside, PageWord> = { alliance: "net_by_alliance", branch: "net_by_branch", area: "net_by_area" };
const PERCENT = 100;

/** What becomes of each party if the groups proposed came: it changes over, comes in, or stays. */
export function changeOf(proposed: Proposal | null): Map<string, string> {
  const said = new Map<string, string>();
  for (const group of proposed?.groups ?? []) for (const { id } of group.parties) said.set(id, t("net_stays"));
  for (const move of proposed?.moves ?? []) said.set(move.id, sayMove(move));
  return said;
}

const sayMove = ({ from_name: from }: Move): string => (from === null ? t("net_comes_in") : t("net_moves_from", { name: from }));

/** Groups proposed beside today's: what is asked, how it compares, and where to see it in full. */
export function GroupsHead({ drawn }: { drawn: Picture }): JSX.Element {
  const found = proposal.data.value;
  const bodies = Object.entries(drawn.names).sort(([, one], [, other]) => one.localeCompare(other, "zh"));
  return (
    <section class="network-groups" aria-label={t("net_by_group")}>
      <div class="network-choices">
        <Choice word="net_into" value={into.value} choices={INTO.map((count) => [count, num(Number(count))])} onChoose={(count) => go({ into: count }, "replace")} />
        <Choice word="net_body" value={where.value.body ?? ""} choices={[["", t("net_everybody")], ...bodies]} onChoose={(body) => go({ body: body || null }, "replace")} />
        <Choice word="net_beside" value={beside.value} choices={BESIDE.map((name) => [name, t(BESIDE_WORD[name])])} onChoose={(name) => go({ beside: name }, "replace")} />
      </div>
      {proposal.error.value ? <Failed error={proposal.error.value} onRetry={proposal.reload} /> : !found ? <Loading /> : (
        <p class="network-sentence" role="status">
          {t("net_proposed", { n: found.groups.length, ...sizesOf(found), ...countMoves(found) })}{" "}
          <button type="button" onClick={() => openPanel({ key: "network/groups", title: t("net_by_group"), body: () => <Compared /> })}>{t("net_compare")}</button>
          <OldMark old={proposal.old.value} />
        </p>
      )}
      {found && <Reasons proposed={found} />}
    </section>
  );
}

const sizesOf = ({ sizes }: Proposal): { least: number; most: number } => ({ least: Math.min(...sizes), most: Math.max(...sizes) });

function countMoves({ moves }: Proposal): { moved: number; fresh: number } {
  const fresh = moves.filter(({ from }) => from === null).length;
  return { moved: moves.length - fresh, fresh };
}

/** Why groups are less than asked for, in sentences; nothing where they are as asked. */
function Reasons({ proposed }: { proposed: Proposal }): JSX.Element {
  return <>{proposed.reasons.map(({ reason, text, text_en: english }) => <p key={reason} class="note" data-reason={reason}>{lang.value === "zh" ? text : english}</p>)}</>;
}

/** Both groupings by the same figures, then each proposed group with who would come to it. */
function Compared(): JSX.Element {
  const found = proposal.data.value;
  if (!found) return proposal.error.value ? <Failed error={proposal.error.value} onRetry={proposal.reload} /> : <Loading />;
  const moves = new Map(found.moves.map((move) => [move.id, move]));
  return (
    <div class="network-party">
      <p>{t("net_compare_how")}</p>
      <Reasons proposed={found} />
      <Figures proposed={found} today={found.today} />
      {found.groups.map((group) => (
        <section key={group.group}>
          <h3>
            {t("net_group", { name: t("net_group_short", { n: group.group }), size: group.size })}
            {group.continues_name !== null && <span class="note"> {t("net_continues", { name: group.continues_name })}</span>}
          </h3>
          <ul class="plain-list">
            {group.parties.map(({ id, name }) => {
              const move = moves.get(id);
              return <li key={id}><Named id={id} name={name} />{move && <span class="note">{sayMove(move)}</span>}</li>;
            })}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** A party of the picture can be shown there; who isn't in it has a name alone. */
export function Named({ id, name }: { id: string; name: string }): JSX.Element {
  const drawn = picture.data.value;
  const row = drawn ? rowOfSel(drawn, `party:${id}`) : null;
  const party = row === null ? undefined : drawn?.parties[row];
  return party ? <button type="button" class="quiet" onClick={() => select(selOf(party))}>{name}</button> : <span>{name}</span>;
}

function Figures({ proposed, today }: { proposed: Judged; today: Judged | null }): JSX.Element {
  const rows: [PageWord, (judged: Judged) => string][] = [
    ["net_figure_groups", ({ sizes }) => sayGroups(sizes)],
    ["net_figure_inside", ({ complement }) => `${num(PERCENT * complement)}%`],
    ["net_figure_metres", ({ distance_m: metres }) => num(metres)],
    ["net_figure_whole", ({ connected }) => t(connected ? "net_yes" : "net_no")],
    ["net_figure_affinity", ({ affinity, bound }) => (bound > 0 ? `${num((PERCENT * affinity) / bound)}%` : num(null))],
  ];
  return (
    <table class="small-table">
      <thead>
        <tr><th scope="col"><span class="hidden">{t("net_figure")}</span></th><th scope="col" class="amount">{t("net_figure_proposed")}</th>{today && <th scope="col" class="amount">{t("net_figure_today")}</th>}</tr>
      </thead>
      <tbody>
        {rows.map(([word, say]) => (
          <tr key={word}><th scope="row">{t(word)}</th><td class="amount">{say(proposed)}</td>{today && <td class="amount">{say(today)}</td>}</tr>
        ))}
      </tbody>
      {!today && <caption class="note">{t("net_no_today")}</caption>}
    </table>
  );
}

/** Sizes of groups of two and more, and how many stand alone. */
function sayGroups(sizes: readonly number[]): string {
  const alone = sizes.filter((size) => size === 1).length;
  const several = sizes.filter((size) => size > 1).sort((one, other) => other - one);
  const said = list(several.map((size) => num(size)));
  return alone > 0 ? t("net_sizes_alone", { sizes: said, alone }) : said;
}

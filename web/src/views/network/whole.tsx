import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import measures from "../../../../graph/words/measures.json";
import type { Whole } from "../../api/network";
import { Failed, Loading, OldMark } from "../../parts/states";
import { andMore, lang, list, num, t, type PageWord } from "../../words";
import { wantsWhole, whole } from "./asked";
import { nameOf, openOf, sayingOf } from "./sayings";
import { digitsOf } from "./shapes";

const BY_WORD = { area: "net_by_area", kind: "net_by_kind", alliance: "net_by_alliance" } as const satisfies Record<string, PageWord>;

/** Less often than this chance makes a group as inward. */
const RARE = 0.05;
const MOST_NAMED = 8;

const say = (value: number): string => num(value, digitsOf(value));

/** The network as a whole: how dense, how far it turns in on itself, how easily it breaks. */
export function WholePanel(): JSX.Element {
  useEffect(() => {
    wantsWhole.value = true;
    return () => void (wantsWhole.value = false);
  }, []);
  const found = whole.data.value;
  if (!found) return whole.error.value ? <Failed error={whole.error.value} onRetry={whole.reload} /> : <Loading />;
  return (
    <div class="network-party">
      <OldMark old={whole.old.value} />
      <table class="small-table network-whole">
        <thead><tr><th scope="col">{t("net_figure")}</th><th scope="col" class="amount">{t("net_value")}</th></tr></thead>
        <tbody>
          {found.asked.map(([name, by], at) => {
            const answer = found.answers[at];
            return (
              <tr key={`${name}/${by}`}>
                <th scope="row">
                  {nameOf(name, found.kind)}{by !== null && ` · ${t(BY_WORD[by])}`}
                  {by !== "kind" && by !== "alliance" && <span class="note">{sayingOf(name, found.kind)}</span>}
                  {answer?.groups && <Inward groups={answer.groups} />}
                </th>
                <td class="amount">{answer && <Value answer={answer} />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {openOf(found.answers).map((text) => <p key={text} class="note" data-open>{text}</p>)}
    </div>
  );
}

/** The groups that turn in on themselves more than chance would have it, the most inward first. */
function Inward({ groups }: { groups: NonNullable<Whole["groups"]> }): JSX.Element | null {
  const inward = groups.filter(({ as_inward: share }) => share < RARE).sort((one, other) => one.as_inward - other.as_inward || one.value - other.value);
  if (inward.length === 0) return null;
  const named = inward.slice(0, MOST_NAMED);
  const rest = inward.length > named.length ? andMore(named.length, inward.length) : "";
  return <span class="note">{t("net_whole_inward", { names: `${list(named.map(saySure))}${rest}` })}</span>;
}

/** A group's name; where lists go on, whether it turns inward with further parties too. */
function saySure({ name, as_inward, as_inward_to: most = as_inward }: NonNullable<Whole["groups"]>[number]): string {
  return most < RARE ? name : t("net_whole_not_sure", { name });
}

/** A value with what it is to be held against; without one, why. */
function Value({ answer }: { answer: Whole }): JSX.Element {
  const { value, z, reason, from, to, random, z_from: from_z, z_to: to_z } = answer;
  if (value === null) {
    const reasons: Record<string, { zh: string; en: string }> = measures.reasons;
    return <span class="note">{reasons[reason ?? ""]?.[lang.value] ?? t("unknown")}</span>;
  }
  const isOpen = from !== undefined && to !== undefined && from !== to;
  const hasZs = from_z !== undefined && to_z !== undefined && from_z !== to_z;
  return (
    <>
      {say(value)}
      {isOpen && <span class="note">{t("net_whole_span", { from: say(from), to: say(to) })}</span>}
      {answer.null && <span class="note">{t("net_whole_chance", { expected: say(answer.null.expected) })}</span>}
      {z !== null && <span class="note">{t("net_whole_z", { z: num(z, 1) })}</span>}
      {hasZs && <span class="note">{t("net_whole_z_span", { from: num(from_z, 1), to: num(to_z, 1) })}</span>}
      {random !== undefined && <span class="note">{t("net_whole_random", { n: say(random) })}</span>}
    </>
  );
}

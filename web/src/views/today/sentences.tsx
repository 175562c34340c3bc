import { signal } from "@preact/signals";
import type { JSX } from "preact";
import type { Figures, Suggestion, Summary } from "../../api/types";
import { ReasonIcon } from "../../parts/icon";
import { Num, type NumberKind } from "../../parts/num";
import { reasons, round } from "../../state/data";
import { openPanel } from "../../state/panel";
import { isPhone } from "../../state/prefs";
import { go, where } from "../../state/where";
import { num, reasonName, t, valueName } from "../../words";
import { changePanel } from "../change/panel";
import type { PanelContent } from "../../state/panel";
import { question } from "./question";

/** Three sentences of live numbers; each number is a filter for all below. */
export function Sentences({ summary }: { summary: Summary }): JSX.Element {
  return (
    <section class="sentences" aria-label={t("page_today")}>
      <Matched figures={summary.figures} />
      <Unmatched figures={summary.figures} />
      <First suggestions={summary.suggestions} />
    </section>
  );
}

const kindOf = (figures: Figures): NumberKind =>
  figures.solution_status === "optimal" ? "exact" : figures.solution_status === "bounded" ? "bound" : "heuristic";

function Matched({ figures }: { figures: Figures }): JSX.Element {
  const { priority, part } = where.value;
  const source = t("p_round", { round: round.value ?? "" });
  const formula = t("f_sum", { wanted: figures.places_wanted, served: figures.places_served, unserved: figures.unserved });
  const kind = kindOf(figures);
  return (
    <p>
      <Num after={t("s_comma")} counts={t("p_needs")} kind="count" formula={formula} source={source} onChoose={() => go({ part: null, priority: null, reason: null })}>
        {t("s_needs", { n: figures.places_wanted })}
      </Num>
      <Num after={t("s_comma")} counts={t("p_served")} kind={kind} formula={formula} source={source} onChoose={() => go({ part: part === "served" ? null : "served", reason: null })} pressed={part === "served"}>
        {t("s_served", { n: figures.places_served })}
      </Num>
      <Num after={t("s_semicolon")} counts={t("p_unserved")} kind={kind} formula={formula} source={source} onChoose={() => go({ part: part === "unserved" ? null : "unserved" })} pressed={part === "unserved"}>
        {t("s_unserved", { n: figures.unserved })}
      </Num>
      {figures.urgent_wanted > 0 ? (
        <Num after={t("s_stop")} counts={t("p_urgent")} kind={kind} source={source} onChoose={() => go({ priority: priority === "1" ? null : "1" })} pressed={priority === "1"}>
          {t("s_urgent", { served: figures.urgent_served, wanted: figures.urgent_wanted })}
        </Num>
      ) : (
        t("s_urgent_none") + t("s_stop")
      )}
      <span class="verdict">{verdict(figures)}</span>
      {figures.more_than_by_hand !== null && figures.more_than_by_hand > 0 && (
        <>
          {t("s_comma")}
          <Num counts={t("p_by_hand")} kind={kind} source={source}>
            {t("s_by_hand", { n: figures.more_than_by_hand })}
          </Num>
        </>
      )}
    </p>
  );
}

const PERCENT_DIGITS = 4;

/** How good an assignment is: proved best, or by how much at most it isn't. */
export function verdict(figures: Figures): string {
  const cost = figures.cost_bound_percent ?? null;
  if (cost !== null) return t("s_bounded_cost", { x: num(cost, PERCENT_DIGITS) });
  if (figures.solution_status === "bounded" && figures.bound_percent !== null) {
    return t("s_bounded", { x: num(figures.bound_percent, PERCENT_DIGITS) });
  }
  return valueName("solution_status", figures.solution_status);
}

const FIRST_ON_PHONE = 2;
/** Whether a phone shows every reason; the first ones else. */
const all = signal(false);

function Unmatched({ figures }: { figures: Figures }): JSX.Element {
  if (figures.unserved === 0 && reasons.value.length === 0) {
    return <p>{t("all_matched")}</p>;
  }
  const shown = isPhone.value && !all.value ? reasons.value.slice(0, FIRST_ON_PHONE) : reasons.value;
  const others = reasons.value.slice(shown.length).reduce((sum, { places }) => sum + places, 0);
  return (
    <p>
      {t(where.value.reason === null ? "s_why" : "s_why_any")}
      {shown.map(({ reason, places }) => (
        <Num
          key={reason}
          class="reason-number"
          counts={t("p_reason", { reason: reasonName(reason) })}
          kind={kindOf(figures)}
          source={t("p_round", { round: round.value ?? "" })}
          onChoose={() => go({ reason: where.value.reason === reason ? null : reason })}
          pressed={where.value.reason === reason}
        >
          <ReasonIcon reason={reason} named />
          <b>{num(places)}</b>
        </Num>
      ))}
      {others > 0 && (
        <button type="button" class="quiet others" onClick={() => (all.value = true)}>
          {t("s_others")} <b>{num(others)}</b>
        </button>
      )}
    </p>
  );
}

function First({ suggestions }: { suggestions: Suggestion[] }): JSX.Element {
  const [first, ...others] = suggestions;
  const other = others.find(({ kind }) => kind !== first?.kind) ?? others[0];
  if (!first) return <p class="text2">{t("s_no_suggestion")}</p>;
  return (
    <p>
      {first.kind === "ask"
        ? t("s_ask", { unit: first.unit_name, question: question(first.title, first.per) })
        : t("s_reach_first", { unit: first.unit_name, title: first.title, from: first.reach_m, to: first.to_reach_m })}
      <Gain suggestion={first} text={t("up_to", { n: first.gain_places })} />
      <Act suggestion={first} />
      {other && (
        <span class="or">
          <Gain
            suggestion={other}
            text={
              other.kind === "ask"
                ? t("s_or_ask", { unit: other.unit_name, title: other.title, n: other.gain_places })
                : t("s_or_reach", { unit: other.unit_name, title: other.title, from: other.reach_m, to: other.to_reach_m, n: other.gain_places })
            }
          />
          <Act suggestion={other} />
        </span>
      )}
    </p>
  );
}

function Gain({ suggestion, text }: { suggestion: Suggestion; text: string }): JSX.Element {
  const ask = suggestion.kind === "ask";
  return (
    <Num counts={t(ask ? "p_ask" : "p_reach")} kind={ask ? "bound" : "exact"} source={`${suggestion.unit_name} ${suggestion.title}`}>
      {text}
    </Num>
  );
}

/** The panel that asks about a suggestion's number, or tries the reach that it proposes. */
export const suggestionPanel = (suggestion: Suggestion): PanelContent =>
  changePanel({
    table: "offers",
    id: suggestion.offer,
    title: suggestion.unit_name,
    ...(suggestion.kind === "ask"
      ? { question: question(suggestion.title, suggestion.per), field: "capacity" }
      : { field: "reach_m", value: suggestion.to_reach_m }),
  });

function Act({ suggestion }: { suggestion: Suggestion }): JSX.Element {
  return (
    <button type="button" class={suggestion.kind === "ask" ? "primary" : ""} onClick={() => openPanel(suggestionPanel(suggestion))}>
      {t(suggestion.kind === "ask" ? "note_answer" : "try_it")}
    </button>
  );
}

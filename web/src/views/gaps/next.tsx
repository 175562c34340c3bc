import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { getRecord } from "../../api/calls";
import { getCard } from "../../api/cards";
import { getActions, type Action, type Gap, type Told, type WouldDo } from "../../api/plans";
import { WarningIcon } from "../../parts/icon";
import { Failed, Loading, OldMark } from "../../parts/states";
import { round, version } from "../../state/data";
import { draftAlone, putAside } from "../../state/drafts";
import { labelOf, wantNames } from "../../state/labels";
import { complain } from "../../state/notices";
import { openPanel } from "../../state/panel";
import { resource } from "../../state/resource";
import { lang, t } from "../../words";
import { changePanel, type ChangeWish } from "../change/panel";
import { question } from "../today/question";
import { addsBy, addsOf, gainOf, signed } from "./gains";
import { areasToTry, changeToTry, howToTry, timesToTry, totalToTry, whyNotTried } from "./totry";
import { offerPanel } from "./tried";

const MOST = 50;

const told = ({ sentence_zh: zh, sentence_en: en }: Told): string => (lang.value === "zh" ? zh : en);

/** The cheapest fix of a gap, and what it gains. */
export function FixLine({ fix }: { fix: Action }): JSX.Element {
  return (
    <p class="gap-fix">
      <b>{t("fix_is")}</b> {told(fix)}{" "}
      <span class="note">{gainOf(fix)}</span>
      {fix.assumed && <> <WarningIcon warning="assumed" named /></>}
      <TryIt action={fix} />
    </p>
  );
}

/** A gap's fix in words, or why there is none and what would do. */
export function fixText({ fix, no_fix: none, would_do: wouldDo }: Gap): string {
  return fix ? `${told(fix)} ${gainOf(fix)}` : [...(none ? [none] : []), ...wouldDo].map(told).join(" ");
}

/** Why a gap has no fix, and what would do instead. */
export function NoFix({ gap }: { gap: Gap }): JSX.Element | null {
  const wouldDo = gap.would_do;
  if (!gap.no_fix && wouldDo.length === 0) return null;
  return (
    <p class="gap-no-fix">
      {gap.no_fix && <><b>{t("no_fix_is")}</b> <span class="note">{told(gap.no_fix)}</span>{" "}</>}
      {wouldDo.length > 0 && <><b>{t("would_do_is")}</b> {wouldDo.map((row) => <span key={told(row)}>{told(row)}<TryTimes row={row} /> </span>)}</>}
    </p>
  );
}

/** The hours that would do, tried beside those that an offer has. */
function TryTimes({ row }: { row: WouldDo }): JSX.Element | null {
  const { change, offer, unit } = row;
  useEffect(() => {
    if (unit) wantNames("units", [unit]);
  }, [unit]);
  const tried = timesToTry(row);
  if (change !== "times" || !offer || !tried) return null;
  const tryThem = (): void => {
    draftAlone(tried);
    openPanel(changePanel({ table: "offers", id: offer, title: labelOf("units", unit ?? ""), field: "times" }));
  };
  return <> <button type="button" class="beside-text" onClick={tryThem}>{t("try_it")}</button></>;
}

/** What can be tried at once, or why it can't. */
function TryIt({ action }: { action: Action }): JSX.Element | null {
  const { unit } = action.where;
  useEffect(() => {
    if (unit) wantNames("units", [unit]);
  }, [unit]);
  const whyNot = whyNotTried(action);
  if (whyNot) return <span class="note">{t(whyNot)}</span>;
  if (!howToTry(action)) return null;
  return <button type="button" class="beside-text" onClick={() => void tryAction(action)}>{t("try_it")}</button>;
}

/** Opens the panel with the action's number in it, in place of one that was tried before. */
async function tryAction(action: Action): Promise<void> {
  try {
    if (action.offer_to_try) openPanel(offerPanel(action, action.offer_to_try));
    else openPanel(changePanel(await wishOf(action)));
  } catch (error) {
    complain(error);
  }
}

async function wishOf(action: Action): Promise<ChangeWish> {
  const { offer, unit } = action.where;
  const title = labelOf("units", unit ?? "");
  const about = { table: "offers" as const, id: offer ?? "", title };
  const how = howToTry(action);
  if (how === "unit") {
    const change = totalToTry(action, (await getRecord("units", unit ?? "")).record["capacity"]);
    if (change) draftAlone(change);
    else putAside();
    return { table: "units", id: unit ?? "", title, field: "capacity" };
  }
  if (how === "areas") {
    const now: unknown = (await getRecord("offers", offer ?? "")).record["reach_areas"];
    draftAlone(areasToTry(action, Array.isArray(now) ? now.map(String) : []));
    return { ...about, field: "reach_areas" };
  }
  const given = action.kind === "wider_reach" ? undefined : (await getCard("offers", offer ?? "")).gives[0];
  const change = changeToTry(action, given);
  if (change) draftAlone(change);
  else putAside();
  // Of what nobody knows a number by its own month, quarter or year is asked.
  const isAsked = given !== undefined && typeof given["capacity"] !== "number";
  return { ...about, field: change?.field ?? "capacity", ...(isAsked ? { question: question(given.title, String(given["per"] ?? "round")) } : {}) };
}

/** How many things somebody is ready to do; none until asked. */
const budget = signal<number | null>(null);

const found = resource(() => {
  const shown = round.value;
  version.value;
  const many = budget.value;
  return shown === null || many === null ? null : () => getActions(shown, many);
});

/** What to do next: the best set of so many actions, proved. */
export function NextSteps(): JSX.Element {
  const answer = found.data.value;
  return (
    <section class="card next-steps">
      <h2>{t("next_steps")}</h2>
      <form onSubmit={(event) => { event.preventDefault(); read(event.currentTarget); }} class="next-form">
        <label>{t("next_budget")} <input name="budget" type="number" min={1} max={MOST} step={1} defaultValue="3" inputMode="numeric" required /></label>
        <button type="submit">{t("next_find")}</button>
        <OldMark old={found.old.value && answer !== null} />
      </form>
      {found.error.value ? <Failed error={found.error.value} onRetry={found.reload} /> : null}
      {budget.value !== null && !answer && !found.error.value && <Loading />}
      {answer && (
        <>
          <ol class="plain-list">
            {answer.actions.map((action) => (
              <li key={action.id}>
                <span>
                  {told(action)}
                  {action.assumed && <> <WarningIcon warning="assumed" named /></>}
                  {addsBy(action.adds) && <span class="note"> {addsBy(action.adds)}</span>}{" "}
                  <TryIt action={action} />
                </span>
                <b class="amount">{addsOf(action.adds_places, action.adds_project_units)}</b>
              </li>
            ))}
          </ol>
          <p class="note">
            {answer.actions.length === 0
              ? t("next_none")
              : t(answer.status === "optimal" ? "next_proved" : "next_bounded", { n: answer.value, all: answer.candidates, bound: answer.bound })}
            {answer.value_project_units === null && t("next_mixed")}
            {answer.value_project_units ? t("next_projects", { n: answer.value_project_units }) : null}
            {answer.units > 0 && t("next_units", { n: answer.units })}
          </p>
          {answer.actions.length > 0 && answer.status !== "optimal" && (
            <p class="note">{t("next_priorities", { gains: signed(answer.value_by_priority), bounds: signed(answer.bound_by_priority) })}</p>
          )}
        </>
      )}
    </section>
  );
}

function read(form: HTMLFormElement): void {
  const many = Number(new FormData(form).get("budget"));
  if (Number.isInteger(many) && many >= 1 && many <= MOST) budget.value = many;
}

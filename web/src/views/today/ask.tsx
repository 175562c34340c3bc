import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { keepChanges, tryChanges } from "../../api/calls";
import type { Change, Suggestion, Trial } from "../../api/types";
import { TrialResult } from "../../parts/trial";
import { round, store } from "../../state/data";
import { draft, drafts, dropDraft } from "../../state/drafts";
import { complain } from "../../state/notices";
import { closePanel, type PanelContent } from "../../state/panel";
import { noteSaved } from "../../state/undo";
import { num, t } from "../../words";
import { question } from "./question";

/** The panel in which the answer to a suggestion is typed, tried and kept. */
export const askPanel = (suggestion: Suggestion): PanelContent => ({
  key: `ask/${suggestion.kind}/${suggestion.offer}`,
  title: suggestion.unit_name,
  body: () => <Ask suggestion={suggestion} />,
});

const trial = signal<{ change: Change; result: Trial } | null>(null);
const busy = signal(false);

function Ask({ suggestion }: { suggestion: Suggestion }): JSX.Element {
  const isAsk = suggestion.kind === "ask";
  const field = isAsk ? "capacity" : "reach_m";
  const own = (change: Change): boolean => change.table === "offers" && change.id === suggestion.offer && change.field === field;
  const mine = drafts.value.find(own);
  const value = mine?.value ?? (isAsk ? null : suggestion.to_reach_m);

  const set = (next: number | null): void => {
    const change: Change = { table: "offers", id: suggestion.offer, field, value: next };
    if (next === null) dropDraft(change);
    else draft(change);
    trial.value = null;
  };
  useEffect(() => {
    if (!isAsk && !mine) set(suggestion.to_reach_m);
  }, []);
  useEffect(() => {
    if (!mine || round.value === null) return;
    const shown = round.value;
    const timer = setTimeout(() => void look(shown, mine), 300);
    return () => clearTimeout(timer);
  }, [mine?.value, round.value]);

  const leave = (): void => {
    if (mine) dropDraft(mine);
    trial.value = null;
    closePanel();
  };
  const step = isAsk ? 1 : 100;
  const shown = trial.value && mine && trial.value.change.value === mine.value ? trial.value.result : null;
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        if (mine && shown) void keep(mine);
      }}
    >
      <p class="ask-question">{isAsk ? question(suggestion.title, suggestion.per) : suggestion.title}</p>
      <p class="note">{t("ask_now", { value: isAsk ? t("unknown_as_one") : `${num(suggestion.reach_m)} m` })}</p>
      <div class="stepper">
        <button type="button" aria-label={t("step_less")} onClick={() => set(Math.max(0, Number(value ?? step) - step))}>−</button>
        <input
          type="number"
          min="0"
          step="1"
          inputMode="numeric"
          aria-label={t("ask_number")}
          value={value === null ? "" : String(value)}
          onInput={(event) => {
            const typed = event.currentTarget.value;
            set(/^\d+$/.test(typed) ? Number(typed) : null);
          }}
        />
        <button type="button" aria-label={t("step_more")} onClick={() => set(Number(value ?? 0) + step)}>+</button>
      </div>
      <p class="note">{mine ? t("not_saved_yet") : t("try_hint")}</p>
      {shown && <TrialResult trial={shown} />}
      <div class="actions">
        <button type="submit" class="primary" disabled={!shown || busy.value}>{t("keep")}</button>
        <button type="button" onClick={leave}>{t("discard")}</button>
      </div>
    </form>
  );
}

async function look(shown: string, change: Change): Promise<void> {
  try {
    const result = await tryChanges(shown, [change]);
    trial.value = { change, result };
  } catch (error) {
    complain(error);
  }
}

async function keep(change: Change): Promise<void> {
  const state = store.data.value;
  if (round.value === null || !state) return;
  busy.value = true;
  try {
    const kept = await keepChanges(round.value, [change], state.revision);
    dropDraft(change);
    trial.value = null;
    noteSaved(kept.revision);
    closePanel();
  } catch (error) {
    complain(error);
  } finally {
    busy.value = false;
  }
}

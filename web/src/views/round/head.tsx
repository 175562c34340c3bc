import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { getRound, publishRound, takeBackRound, type Round } from "../../api/plans";
import type { Summary } from "../../api/types";
import { refresh, rounds, store, version } from "../../state/data";
import { isWorking, recompute } from "../../state/jobs";
import { complain } from "../../state/notices";
import { saved, undo } from "../../state/undo";
import { togglePanel } from "../../state/panel";
import { addressOf, open } from "../../state/where";
import { t, valueName } from "../../words";
import { besidePanel } from "../beside/panel";
import { StaleBar } from "../frame/stale";
import { verdict } from "../today/sentences";
import { KeptFigures } from "./kept";
import { MoreRules, RulesButton } from "./rules";

const SECOND_MS = 1000;

/** What round this is, how good it is, and what can be done with it. */
export function RoundHead({ summary }: { summary: Summary }): JSX.Element {
  const about = rounds.data.value?.find(({ id }) => id === summary.round);
  const { figures } = summary;
  return (
    <>
      <div class="round-head">
        <h1>{about ? t("round_title", { from: about.period.from, to: about.period.to }) : summary.round}</h1>
        <span class="round-status">{valueName("round_status", summary.status)}</span>
        <span class="text2">{verdict(figures)}</span>
        <span class="text2">{t("round_figures", { wanted: figures.places_wanted, served: figures.places_served, unserved: figures.unserved })}</span>
        {figures.more_than_by_hand !== null && figures.more_than_by_hand > 0 && <span class="text2">{t("s_by_hand", { n: figures.more_than_by_hand })}</span>}
        <span class="round-buttons">
          <Chooser shown={summary.round} />
          {saved.value?.undoneBy === null && <button type="button" onClick={() => void undo()}>{t("undo")}</button>}
          <button type="button" disabled={isWorking.value} onClick={() => void recompute()}>{t("recompute")}</button>
          <RulesButton />
          <button type="button" onClick={() => togglePanel(besidePanel())}>{t("beside_button")}</button>
          <a
            class="button-link"
            href={addressOf("print", { table: "claims", by: "unit" })}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
              event.preventDefault();
              open("print", { table: "claims", by: "unit" });
            }}
          >
            {t("print_sheets")}
          </a>
          <Publish id={summary.round} summary={summary} />
        </span>
      </div>
      <StaleBar />
      <KeptFigures />
      <MoreRules />
    </>
  );
}

/** Earlier rounds, to look at. */
function Chooser({ shown }: { shown: string }): JSX.Element | null {
  const items = rounds.data.value ?? [];
  if (items.length < 2) return null;
  const current = store.data.value?.round;
  return (
    <select
      class="pick"
      aria-label={t("round_choose")}
      value={shown}
      onChange={(event) => open("round", { id: event.currentTarget.value === current ? null : event.currentTarget.value, round: null })}
    >
      {items.map((item: Round) => (
        <option key={item.id} value={item.id}>
          {item.id === current ? t("round_current", { id: item.id }) : item.id} {valueName("round_status", item.status)}
        </option>
      ))}
    </select>
  );
}

/** Publishing: asked once in a dialog, taken back within the time that the service gives. */
function Publish({ id, summary }: { id: string; summary: Summary }): JSX.Element | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const [pending, setPending] = useState<number | null>(null);
  const [now, setNow] = useState(Date.now());
  const note = (about: Round): void => setPending(about.takes_effect_at === null ? null : Date.parse(about.takes_effect_at));
  useEffect(() => {
    getRound(id).then(note, () => setPending(null));
  }, [id, version.value]);
  useEffect(() => {
    if (pending === null) return;
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() > pending + SECOND_MS) {
        setPending(null);
        refresh();
      }
    }, SECOND_MS / 2);
    return () => clearInterval(timer);
  }, [pending]);
  const send = async (ask: (round: string) => Promise<Round>): Promise<void> => {
    dialog.current?.close();
    try {
      note(await ask(id));
      setNow(Date.now());
    } catch (error) {
      complain(error);
    }
  };
  if (pending !== null) {
    return (
      <span class="publishing" role="status">
        {t("publishing", { n: Math.max(0, Math.ceil((pending - now) / SECOND_MS)) })}
        <button type="button" class="primary" onClick={() => void send(takeBackRound)}>{t("take_back")}</button>
      </span>
    );
  }
  if (summary.status !== "proposed") return null;
  return (
    <>
      <button type="button" class="primary" onClick={() => dialog.current?.showModal()}>{t("publish_dots")}</button>
      <dialog ref={dialog} aria-label={t("publish")}>
        <h2>{t("publish")}</h2>
        <p>{t("publish_what", { served: summary.figures.places_served, unserved: summary.figures.unserved })}</p>
        {summary.stale && <p>{t("round_stale")}</p>}
        <p class="note">{t("publish_note")}</p>
        <div class="actions">
          {summary.stale && <button type="button" class="primary" disabled={isWorking.value} onClick={() => {
            dialog.current?.close();
            void recompute();
          }}>{t("recompute")}</button>}
          <button type="button" class={summary.stale ? "" : "primary"} onClick={() => void send(publishRound)}>{t(summary.stale ? "publish_anyway" : "publish")}</button>
          <button type="button" onClick={() => dialog.current?.close()}>{t("cancel")}</button>
        </div>
      </dialog>
    </>
  );
}

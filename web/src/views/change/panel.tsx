import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { getRecord } from "../../api/calls";
import type { Change, Fields } from "../../api/types";
import { DropChip } from "../../parts/chip";
import { Failed, OldMark } from "../../parts/states";
import { TrialResult } from "../../parts/trial";
import { names, version } from "../../state/data";
import { aside, changing, draft, drafts, dropDraft, dropDrafts, putAside, takeBackAside } from "../../state/drafts";
import { labelOf } from "../../state/labels";
import { closePanel, openPanel, type PanelContent } from "../../state/panel";
import { isKeeping, isOvertaken, keepDrafts, trial } from "../../state/trial";
import { columnName, num, t } from "../../words";
import { RecordLink } from "../frame/links";
import { readField } from "../record/fields";
import { TrialMap } from "../map/trialmap";
import { question } from "../today/question";
import { sayValue } from "./said";

type Table = Change["table"];

interface NumberField {
  name: string;
  step: number;
  /** The least that makes sense. */
  least: number;
}

/** The numbers that may be tried, for each table. */
const NUMBERS: Record<Table, NumberField[]> = {
  offers: [
    { name: "capacity", step: 1, least: 0 },
    { name: "reach_m", step: 100, least: 0 },
  ],
  units: [{ name: "capacity", step: 1, least: 0 }],
  needs: [{ name: "quantity", step: 1, least: 1 }],
  projects: [{ name: "wanted", step: 1, least: 1 }],
};

export interface ChangeWish {
  table: Table;
  id: string;
  title: string;
  /** What to ask on the telephone. */
  question?: string;
  /** The number to look at first, and what to put there. */
  field?: string;
  value?: number;
}

/** The panel in which numbers of one record are changed, tried and then kept, or discarded without trace. */
export const changePanel = (wish: ChangeWish): PanelContent => ({
  key: `change/${wish.table}/${wish.id}`,
  title: wish.title,
  body: () => <ChangeForm wish={wish} />,
});

/** Opens the panel of the first draft again, after a reload or from the header. */
export function reopenDrafts(): void {
  if (drafts.value.length === 0) takeBackAside();
  const first = drafts.value.find(({ table, id }) => table === changing.value?.table && id === changing.value.id) ?? drafts.value[0];
  if (first) void panelOf(first).then(openPanel);
}

/** After a reload the panel that was open is open again. */
export function resumeChange(): void {
  if (changing.value && drafts.value.length > 0) reopenDrafts();
  else changing.value = null;
}

/** The panel of a draft, named and with its question as it was first opened. */
async function panelOf({ table, id, field }: Change): Promise<PanelContent> {
  try {
    const { record } = await getRecord(table, id);
    const unit = text(record["unit"]);
    const isAsked = table === "offers" && record["capacity"] === null && field === "capacity";
    return changePanel({
      table, id, field,
      title: unit ? await partyName(unit) : text(record["title"]) || text(record["name"]),
      ...(isAsked ? { question: question(text(record["title"]), text(record["per"])) } : {}),
    });
  } catch {
    return changePanel({ table, id, field, title: t("not_saved_yet") });
  }
}

/** Early after a reload the names of the round haven't arrived. */
async function partyName(unit: string): Promise<string> {
  const known = names.value.get(unit);
  if (known) return known;
  const { record } = await getRecord("units", unit);
  return text(record["name"]) || unit;
}

function ChangeForm({ wish }: { wish: ChangeWish }): JSX.Element {
  const [record, setRecord] = useState<Fields | null>(null);
  const [error, setError] = useState<unknown>(null);
  const { table, id } = wish;
  const base = useRef<Fields | null>(null);
  const look = (): void => {
    setError(null);
    getRecord(table, id).then((answer) => {
      // What was seen when the typing began; without anything typed, what is there now.
      if (!base.current || !drafts.peek().some((change) => change.table === table && change.id === id)) base.current = answer.record;
      setRecord(answer.record);
    }, setError);
  };
  useEffect(look, [table, id, version.value]);
  useEffect(() => {
    if (wish.field && wish.value !== undefined && !findDraft(table, id, wish.field)) {
      draft({ table, id, field: wish.field, value: wish.value });
    }
  }, [table, id]);
  useEffect(() => {
    changing.value = { table, id };
    return () => {
      changing.value = null;
    };
  }, [table, id]);
  if (error && !record) return <Failed error={error} onRetry={look} />;

  const discard = (): void => {
    isOvertaken.value = false;
    dropDrafts();
    closePanel();
  };
  const others = drafts.value.filter((other) => other.table !== table || other.id !== id);
  // What no number says, such as areas that an offer serves.
  const words = drafts.value.filter((own) => own.table === table && own.id === id && !NUMBERS[table].some(({ name }) => name === own.field));
  const result = trial.data.value;
  const changed = record && base.current && drafts.value.length > 0 ? changedFields(base.current, record) : [];
  // While it is kept, the record that changes is our own.
  const hasConflict = !isKeeping.value && (changed.length > 0 || (isOvertaken.value && drafts.value.length > 0));
  const goOn = (): void => {
    base.current = record;
    isOvertaken.value = false;
    look();
    trial.reload();
  };
  return (
    <form
      class="change"
      onSubmit={(event) => {
        event.preventDefault();
        void keepDrafts().then((done) => done && closePanel());
      }}
    >
      {wish.question && <p class="change-question">{wish.question}</p>}
      <p>
        <RecordLink table={table} id={id}>{text(record?.["title"]) || text(record?.["name"]) || wish.title}</RecordLink>
        {record?.["unit"] && <span class="note"> {names.value.get(text(record["unit"])) ?? text(record["unit"])}</span>}
      </p>
      {NUMBERS[table].map((field) => (
        <NumberRow key={field.name} table={table} id={id} field={field} isKnown={record !== null} now={toNumber(record?.[field.name])} isFirst={field.name === (wish.field ?? "capacity")} />
      ))}
      {words.length > 0 && (
        <p>
          {words.map((own) => (
            <DropChip key={own.field} name={`${columnName(own.field)} ${said(own)}`} onDrop={() => dropDraft(own)} />
          ))}
        </p>
      )}
      {others.length > 0 && (
        <p>
          {others.map((other) => (
            <DropChip key={`${other.id}/${other.field}`} name={`${labelOf(other.table, other.id)} ${columnName(other.field)} ${said(other)}`} onDrop={() => dropDraft(other)} />
          ))}{" "}
          <button type="button" class="quiet" onClick={() => putAside((own) => own.table === table && own.id === id)}>{t("try_alone")}</button>
        </p>
      )}
      {aside.value.length > 0 && (
        <p class="note change-aside">
          {t("try_aside", { count: aside.value.length })}{" "}
          <button type="button" class="quiet" onClick={takeBackAside}>{t("try_together")}</button>
        </p>
      )}
      <p class="note">
        {isKeeping.value ? t("working_on") : drafts.value.length > 0 ? t("not_saved_yet") : t("try_hint")}{" "}
        <OldMark old={!isKeeping.value && (trial.old.value || hasConflict) && result !== null} />
      </p>
      {trial.error.value !== null && <Failed error={trial.error.value} onRetry={trial.reload} />}
      {drafts.value.length > 0 && result && (
        <>
          <TrialMap />
          <TrialResult trial={result} />
        </>
      )}
      {hasConflict && <Conflict table={table} id={id} fields={changed} before={base.current ?? {}} now={record ?? {}} onGoOn={goOn} onDiscard={discard} />}
      <div class="actions">
        <button type="submit" class="primary" disabled={hasConflict || drafts.value.length === 0 || !result || trial.old.value || isKeeping.value}>
          {t("keep")}
        </button>
        {!hasConflict && <button type="button" onClick={discard}>{t("discard")}</button>}
      </div>
    </form>
  );
}

const UNSEEN = new Set(["notes", "source", "list_name", "list_row"]);

/** The fields in which a record differs from what was seen of it before. */
const changedFields = (before: Fields, now: Fields): string[] =>
  Object.keys(now).filter((name) => !UNSEEN.has(name) && JSON.stringify(before[name] ?? null) !== JSON.stringify(now[name] ?? null));

interface ConflictProps {
  table: Table;
  id: string;
  fields: string[];
  before: Fields;
  now: Fields;
  onGoOn: () => void;
  onDiscard: () => void;
}

/** What others changed meanwhile, beside one's own; nothing of theirs is overwritten unseen. */
function Conflict({ table, id, fields, before, now, onGoOn, onDiscard }: ConflictProps): JSX.Element {
  const read = (record: Fields, name: string): string => readField(table, record, name, {}) || t("unknown");
  return (
    <div class="conflict" role="alert">
      <p><b>{t(fields.length > 0 ? "changed_by_others" : "changed_elsewhere")}</b></p>
      {fields.length > 0 && (
        <table class="figures">
          <thead>
            <tr><th scope="col" /><th scope="col">{t("conflict_before")}</th><th scope="col">{t("conflict_now")}</th><th scope="col">{t("conflict_mine")}</th></tr>
          </thead>
          <tbody>
            {fields.map((name) => {
              const own = findDraft(table, id, name);
              return (
                <tr key={name}>
                  <th scope="row">{columnName(name)}</th>
                  <td>{read(before, name)}</td>
                  <td>→ {read(now, name)}</td>
                  <td>{own ? said(own) : "—"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <div class="actions">
        <button type="button" class="primary" onClick={onGoOn}>{t("conflict_go_on")}</button>
        <button type="button" onClick={onDiscard}>{t("discard")}</button>
      </div>
    </div>
  );
}

const findDraft = (table: Table, id: string, field: string): Change | undefined =>
  drafts.value.find((change) => change.table === table && change.id === id && change.field === field);

const said = (change: Change): string => sayValue(change, (id) => labelOf("areas", id));
const text = (value: Fields[string] | undefined): string => (value === null || value === undefined ? "" : String(value));
const toNumber = (value: Fields[string] | undefined): number | null => (typeof value === "number" ? value : null);

interface NumberRowProps {
  table: Table;
  id: string;
  field: NumberField;
  /** Whether the record has arrived; the number can be typed before. */
  isKnown: boolean;
  now: number | null;
  isFirst: boolean;
}

/** One number with less and more beside it; emptied, it is as it was. */
function NumberRow({ table, id, field, isKnown, now, isFirst }: NumberRowProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const own = findDraft(table, id, field.name);
  const value = own ? toNumber(own.value) : now;
  const set = (next: number | null): void => {
    const change: Change = { table, id, field: field.name, value: next };
    if (next === null || (isKnown && next === now)) dropDraft(change);
    else draft(change);
  };
  // Before the form is painted, so that whoever types at once types into the field.
  useLayoutEffect(() => {
    if (isFirst) input.current?.select();
  }, []);
  const label = columnName(field.name);
  return (
    <div class="number-row">
      <span class="number-label">
        {label}
        <span class="note">{isKnown && t("ask_now", { value: now === null ? t(field.name === "capacity" ? "unknown_as_one" : "unknown") : num(now) })}</span>
      </span>
      <span class="stepper">
        <button type="button" aria-label={`${label} ${t("step_less")}`} onClick={() => set(Math.max(field.least, (value ?? field.step) - field.step))}>−</button>
        <input
          ref={input}
          type="number"
          min={field.least}
          step="1"
          inputMode="numeric"
          aria-label={label}
          value={value === null ? "" : String(value)}
          onInput={(event) => {
            const typed = event.currentTarget.value;
            set(/^\d{1,7}$/.test(typed) && Number(typed) >= field.least ? Number(typed) : null);
          }}
        />
        <button type="button" aria-label={`${label} ${t("step_more")}`} onClick={() => set((value ?? 0) + field.step)}>+</button>
      </span>
    </div>
  );
}

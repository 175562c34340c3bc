import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { getRecord, patchRecord } from "../../api/calls";
import { Refusal } from "../../api/client";
import type { CellProblem, Fields } from "../../api/types";
import { Icon } from "../../parts/icon";
import { explain } from "../../state/notices";
import { noteSaved } from "../../state/undo";
import { CATEGORIES, categoryName, columnName, t, valueName, type ValueKind } from "../../words";
import domain from "../../../../graph/words/domain.json";
import { RecordLink } from "../frame/links";
import { codeOf, readField, referenceOf, writeField } from "./fields";

const CHANGED = 412;

interface FieldProps {
  table: string;
  id: string;
  name: string;
  record: Fields;
  names: Record<string, string>;
}

interface Fault {
  text: string;
  remedy: string;
}

/** One field: read, and edited in its place; what is wrong stands beside it. */
export function Field(props: FieldProps): JSX.Element {
  const { table, id, name, record, names } = props;
  const [isEditing, setEditing] = useState(false);
  const shown = readField(table, record, name, names);
  const other = referenceOf(name, table);
  const target = record[name];
  return (
    <div class="field" data-field={name}>
      <dt>{columnName(name)}</dt>
      <dd>
        {isEditing ? (
          <Editor {...props} onEnd={() => setEditing(false)} />
        ) : (
          <>
            {other && typeof target === "string" && target !== "" ? <RecordLink table={other} id={target}>{shown}</RecordLink> : <span>{shown}</span>}
            <button type="button" class="quiet" aria-label={t("rec_edit", { column: columnName(name) })} data-edit={`${table}/${id}/${name}`} onClick={() => setEditing(true)}>
              {t("cell_edit_short")}
            </button>
          </>
        )}
      </dd>
    </div>
  );
}

function Editor({ table, id, name, record, onEnd }: FieldProps & { onEnd: () => void }): JSX.Element {
  const before = writeField(record, name);
  const [text, setText] = useState(before);
  const [fault, setFault] = useState<Fault | null>(null);
  const [isSaving, setSaving] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  // Saving waits for what it is compared with, and what is typed at once goes into the box.
  const etag = useRef<Promise<string | null>>(Promise.resolve(null));
  useLayoutEffect(() => {
    etag.current = getRecord(table, id).then((answer) => answer.etag, () => null);
  }, []);
  useLayoutEffect(() => box.current?.querySelector<HTMLElement>("input, select")?.focus(), []);
  const save = async (): Promise<void> => {
    if (text === before) return onEnd();
    setSaving(true);
    try {
      const { revision } = await patchRecord(table, id, { [name]: text === "" ? null : text }, await etag.current);
      noteSaved(revision);
      onEnd();
    } catch (error) {
      if (error instanceof Refusal && error.status === CHANGED) {
        const now = await getRecord(table, id);
        etag.current = Promise.resolve(now.etag);
        setFault({ text: t("rec_changed"), remedy: t("rec_now", { value: writeField(now.record, name) || t("unknown") }) });
      } else setFault(faultOf(error, name));
    } finally {
      setSaving(false);
    }
  };
  return (
    <form
      ref={box}
      class="field-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onEnd();
      }}
    >
      <Input table={table} name={name} value={text} isWrong={fault !== null} onInput={setText} />
      <button type="submit" class="primary" disabled={isSaving}>{t("rec_save")}</button>
      <button type="button" onClick={onEnd}>{t("cancel")}</button>
      {fault && (
        <p class="field-fault" role="alert">
          <Icon name="error" /> {fault.text} {fault.remedy && <span class="note">{fault.remedy}</span>}
        </p>
      )}
    </form>
  );
}

function faultOf(error: unknown, name: string): Fault {
  const problems = error instanceof Refusal ? (error.problem.problems ?? []) : [];
  const own: CellProblem | undefined = problems.find(({ column }) => column === name || column === columnName(name)) ?? problems[0];
  if (!own) return explain(error);
  return { text: own.expected ? t("expected", { expected: own.expected }) : (own.found ?? ""), remedy: own.remedy ?? "" };
}

interface InputProps {
  table: string;
  name: string;
  value: string;
  isWrong: boolean;
  onInput: (value: string) => void;
}

function Input({ table, name, value, isWrong, onInput }: InputProps): JSX.Element {
  const code = codeOf(table, name);
  const label = columnName(name);
  if (code || name === "category" || value === "是" || value === "否") {
    return (
      <select aria-label={label} aria-invalid={isWrong} value={value} onChange={(event) => onInput(event.currentTarget.value)}>
        {choices(code, name).map(([id, text]) => <option key={id} value={id}>{text}</option>)}
        {!choices(code, name).some(([id]) => id === value) && <option value={value}>{value}</option>}
      </select>
    );
  }
  return <input aria-label={label} aria-invalid={isWrong} value={value} onInput={(event) => onInput(event.currentTarget.value)} />;
}

function choices(code: ValueKind | null, name: string): [string, string][] {
  if (code) return Object.keys(domain.values[code]).map((id) => [id, valueName(code, id)]);
  if (name === "category") return CATEGORIES.map((id) => [id, categoryName(id)]);
  return [["是", t("rec_yes")], ["否", t("rec_no")]];
}

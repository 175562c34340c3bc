import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { confirmLoad, discardLoad, getLoad, markedAddress, mendCells, sayOfLoad, type MendedCell } from "../../api/calls";
import { Refusal } from "../../api/client";
import type { Confirmed, Load, Saying } from "../../api/types";
import { Icon } from "../../parts/icon";
import { Failed, Loading } from "../../parts/states";
import { complain } from "../../state/notices";
import { isPhone } from "../../state/prefs";
import { noteSaved } from "../../state/undo";
import { open } from "../../state/where";
import { num, t, tableName } from "../../words";
import { freshLoad } from "./intake";
import { countRows, groupProblems, isAsked, problemTitle } from "./problems";
import { Folded, ProblemRows } from "./rows";
import { Said } from "./said";
import { withSaying } from "./sayings";
import { Unnamed } from "./unnamed";

const FEW_TABLES = 2;

/** What was loaded last, told on the page of lists. */
export const confirmed = signal<Confirmed | null>(null);

/** Lists of that load that nobody had named yet, so that nothing of them was stored. */
export const leftOut = signal<string[]>([]);

/** One checked load: what it brings, what must be mended, and the three ways on. */
export function Check({ id }: { id: string }): JSX.Element {
  const [load, setLoad] = useState<Load | null>(freshLoad.peek()?.id === id ? freshLoad.peek() : null);
  const [error, setError] = useState<unknown>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [replace, setReplace] = useState(false);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useKeepFocus(box, load);

  const look = (): void => {
    setError(null);
    getLoad(id).then(setLoad, setError);
  };
  useEffect(() => {
    if (load?.id !== id) look();
  }, [id]);

  if (error instanceof Refusal && error.status === 404) return <Gone />;
  if (error) return <Failed error={error} onRetry={look} />;
  if (!load || load.id !== id) return <Loading />;

  const act = async <T,>(doing: () => Promise<T>, then: (answer: T) => void): Promise<void> => {
    setBusy(true);
    try {
      then(await doing());
    } catch (cause) {
      complain(cause);
    } finally {
      setBusy(false);
    }
  };
  const mend = (cells: MendedCell[]): void => void act(() => mendCells(id, cells), setLoad);
  const say = (said: Saying[]): void => void act(() => sayOfLoad(id, said), setLoad);
  const { report, said } = load;
  const totals = countRows(report);
  const problems = report.problems.filter((problem) => !isAsked(report, problem));
  const groups = groupProblems(problems);
  const files = [...new Set([...report.tables, ...report.problems].map(({ file }) => file))].join("、");
  // Where nothing can be loaded, the problem is what the page is about.
  const fault = totals.rows === 0 ? report.problems.find(({ severity }) => severity === "error") : undefined;
  const isUnknown = fault !== undefined && isAsked(report, fault);
  const shown = chosen !== null && groups.some(({ code }) => code === chosen) ? chosen : null;
  return (
    <div class="load-check" aria-busy={busy} ref={box}>
      <div class="check-head">
        <h1>{fault ? (isUnknown ? t("unnamed_title") : problemTitle(fault.problem)) : files || t("lists_title")}</h1>
        <p role="status">{fault ? files : totals.bad > 0 ? t("check_head", { rows: totals.rows, good: totals.good, bad: totals.bad }) : t("check_clean", { rows: totals.rows })}</p>
        <div class="actions">
          {totals.good > 0 && (
            <button
              type="button"
              class="primary"
              disabled={busy}
              onClick={() => void act(() => confirmLoad(id, replace), (answer) => {
                confirmed.value = answer;
                leftOut.value = report.unnamed.filter(({ is_named }) => !is_named).map(({ file, sheet }) => sheet ?? file);
                noteSaved(answer.revision);
                open("lists");
              })}
            >
              {t("load_rows", { n: totals.good })}
            </button>
          )}
          {totals.rows > 0 && <a class="button-link" href={markedAddress(id)} download="">{t("load_marked")}</a>}
          <button type="button" disabled={busy} onClick={() => void act(() => discardLoad(id), () => open("lists"))}>{t("discard")}</button>
          {totals.good > 0 && (
            <label class="check-replace check">
              <input type="checkbox" checked={replace} onChange={(event) => setReplace(event.currentTarget.checked)} />
              {t("load_replace")}
            </label>
          )}
        </div>
      </div>
      <Unnamed lists={report.unnamed} isTitle={isUnknown} said={said} busy={busy} onSay={(saying) => say(withSaying(said, saying))} />
      <Said said={said} onSay={say} />
      <Folded isFolded={isPhone.value && report.tables.length > FEW_TABLES} name={t("lists_title")} count={report.tables.length}>
        <ul class="tables">
          {report.tables.map((table) => {
            const noted = report.problems.filter(({ severity, file, sheet }) => severity === "warning" && file === table.file && sheet === table.sheet).length;
            const state = table.refused > 0 ? "error" : noted > 0 ? "warning" : "ok";
            return (
              <li key={`${table.file}/${table.sheet ?? ""}`} class={`table-${state}`}>
                <Icon name={state} />
                {table.sheet ?? (table.table ? tableName(table.table) : table.file)} <b class="amount">{num(table.rows)}</b>
                <span class="note">{state === "error" ? t("table_problems", { errors: table.refused }) : state === "warning" ? t("table_noted", { n: noted }) : t("table_fine")}</span>
              </li>
            );
          })}
        </ul>
      </Folded>
      {problems.length === 0 ? (
        totals.rows > 0 && <p class="state">{t("problems_none")}</p>
      ) : (
        <div class="check-below">
          <Folded isFolded={isPhone.value} name={shown === null ? t("problem_kinds", { n: groups.length }) : problemTitle(shown)} count={problems.length}>
            <nav class="problem-groups" aria-label={t("problems")}>
              <Group name={t("problems_all")} count={problems.length} pressed={shown === null} onClick={() => setChosen(null)} />
              {groups.map(({ code, severity, count }) => (
                <Group key={code} name={problemTitle(code)} severity={severity} count={count} pressed={shown === code} onClick={() => setChosen(shown === code ? null : code)} />
              ))}
            </nav>
          </Folded>
          <ProblemRows key={shown ?? ""} report={report} code={shown} busy={busy} onMend={mend} onSay={(saying) => say(withSaying(said, saying))} />
        </div>
      )}
    </div>
  );
}

/** What was mended or named goes away and takes the focus with it: the next faulty cell receives it, else the way on. */
function useKeepFocus(box: { current: HTMLElement | null }, load: Load | null): void {
  const wasInside = useRef(false);
  useEffect(() => {
    const note = (): void => {
      wasInside.current = box.current?.contains(document.activeElement) ?? false;
    };
    addEventListener("focusin", note);
    return () => removeEventListener("focusin", note);
  }, []);
  useLayoutEffect(() => {
    if (wasInside.current && document.activeElement === document.body) {
      const next = ["input[aria-invalid=true]", ".check-head .primary"].map((one) => box.current?.querySelector<HTMLElement>(one));
      next.find(Boolean)?.focus();
    }
  }, [load]);
}

interface GroupProps {
  name: string;
  severity?: "error" | "warning";
  count: number;
  pressed: boolean;
  onClick: () => void;
}

function Group({ name, severity, count, pressed, onClick }: GroupProps): JSX.Element {
  return (
    <button type="button" class={`problem-group ${severity ?? ""}`} aria-pressed={pressed} onClick={onClick} title={severity && t(severity === "error" ? "problem_severity_error" : "problem_severity_warning")}>
      {severity && <Icon name={severity} />}
      <span>{name}</span>
      <b class="amount">{num(count)}</b>
    </button>
  );
}

function Gone(): JSX.Element {
  return (
    <div class="state state-error" role="alert">
      <p>{t("load_gone")}</p>
      <button type="button" onClick={() => open("lists")}>{t("lists_title")}</button>
    </div>
  );
}

import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { search, type MendedCell } from "../../api/calls";
import type { CellProblem, LoadReport, SaidText } from "../../api/types";
import { Icon } from "../../parts/icon";
import { t } from "../../words";
import { alike, problemTitle, propose, type Proposal } from "./problems";
import { choicesFor, isReference, sayingFor } from "./sayings";

interface AdviceProps {
  problem: CellProblem;
  table: string | null;
  report: LoadReport;
  busy: boolean;
  onMend: (cells: MendedCell[]) => void;
  onSay: (saying: SaidText) => void;
}

/** What was expected, what to do, and one button for each thing that would do. */
export function Advice({ problem, table, report, busy, onMend, onSay }: AdviceProps): JSX.Element {
  const { row, column } = problem;
  const same = alike(report, problem);
  const fill = (cells: CellProblem[], value: string): void =>
    onMend(cells.flatMap(({ file, sheet, row, column }) => (row === null || column === null ? [] : [{ file, sheet, row, column, value }])));
  const proposals = row === null || column === null ? [] : propose(problem);
  const sure = proposals.find(({ kind }) => kind === "nearest");
  const always = sure && sayingFor(problem, sure.value);
  const rest = always ? proposals.filter((proposal) => proposal !== sure) : proposals;
  return (
    <div class={`advice-line ${problem.severity}`}>
      <p>
        <Icon name={problem.severity} />
        {column && <b>{column}</b>} {problemTitle(problem.problem)}
        {problem.expected && <span>{t("s_comma")}{t("expected", { expected: problem.expected })}</span>}
      </p>
      {problem.remedy && <p class="note">{problem.remedy}</p>}
      <div class="proposals">
        {always && sure && (
          <>
            <button type="button" class="primary" disabled={busy} onClick={() => onSay(always)}>{t("always_yes")}</button>
            <button type="button" disabled={busy} onClick={() => fill([problem], sure.value)}>{t("fill_once")}</button>
          </>
        )}
        {rest.map((proposal) => (
          <button key={proposal.value} type="button" disabled={busy} onClick={() => fill([problem], proposal.value)}>
            {proposalText(proposal, problem, table)}
          </button>
        ))}
        {sure && !always && same.length > 1 && (
          <button type="button" disabled={busy} onClick={() => fill(same, sure.value)}>{t("fill_all", { n: same.length })}</button>
        )}
        <Choose problem={problem} same={same} few={rest.length} busy={busy} onFill={fill} onSay={onSay} />
      </div>
    </div>
  );
}

/** An empty number is 1 where something is needed, and unknown where something is offered. */
function proposalText({ kind, value }: Proposal, { problem }: CellProblem, table: string | null): string {
  if (kind === "nearest") return t("fill_yes", { value });
  if (kind === "value") return t(/^[\d.]+$/.test(value) ? "fill_with" : "fill_with_text", { value });
  if (!problem.startsWith("number")) return t("fill_empty");
  return t(table === "needs" || table === "projects" ? "fill_empty_one" : "fill_empty_unknown");
}

interface ChooseProps {
  problem: CellProblem;
  same: CellProblem[];
  /** So many buttons stand beside it. */
  few: number;
  busy: boolean;
  onFill: (cells: CellProblem[], value: string) => void;
  onSay: (saying: SaidText) => void;
}

/** Another choice (另选): of the words that the cell may say, or of the records that it may mean. */
function Choose({ problem, same, few, busy, onFill, onSay }: ChooseProps): JSX.Element | null {
  const [chosen, setChosen] = useState("");
  const choices = choicesFor(problem);
  if (choices.length <= few && !isReference(problem)) return null;
  const saying = sayingFor(problem, chosen.trim());
  // A heading that was filled down stands in no cell of its own.
  const mayFill = problem.row !== null && problem.column !== null && saying?.kind !== "heading";
  const isEmpty = chosen.trim() === "";
  return (
    <span class="choose">
      {choices.length > 0 ? (
        <select aria-label={t("choose_other")} value={chosen} disabled={busy} onChange={(event) => setChosen(event.currentTarget.value)}>
          <option value="">{t("choose_other")}</option>
          {choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
        </select>
      ) : (
        <NameField value={chosen} busy={busy} onInput={setChosen} />
      )}
      {!isEmpty && mayFill && (
        <button type="button" disabled={busy} onClick={() => onFill([problem], chosen.trim())}>{t(saying ? "fill_once" : "choose_fill")}</button>
      )}
      {!isEmpty && mayFill && !saying && same.length > 1 && (
        <button type="button" disabled={busy} onClick={() => onFill(same, chosen.trim())}>{t("fill_all", { n: same.length })}</button>
      )}
      {!isEmpty && saying && <button type="button" class="primary" disabled={busy} onClick={() => onSay(saying)}>{t("always")}</button>}
    </span>
  );
}

/** A name to be typed; those that the store knows are offered. */
function NameField({ value, busy, onInput }: { value: string; busy: boolean; onInput: (value: string) => void }): JSX.Element {
  const [names, setNames] = useState<string[]>([]);
  const list = useId();
  const offer = (typed: string): void => {
    onInput(typed);
    if (typed.trim() === "") return;
    search(typed.trim(), 12).then(
      (found) => setNames([...new Set(found.filter(({ table }) => table !== "aliases" && table !== "categories").map(({ name }) => name))]),
      () => setNames([]),
    );
  };
  return (
    <>
      <input aria-label={t("choose_other")} placeholder={t("choose_name")} list={list} value={value} disabled={busy} onInput={(event) => offer(event.currentTarget.value)} />
      <datalist id={list}>
        {names.map((name) => <option key={name} value={name} />)}
      </datalist>
    </>
  );
}

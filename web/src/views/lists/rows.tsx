import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { MendedCell } from "../../api/calls";
import type { CellProblem, LoadReport, LoadRow, SaidText } from "../../api/types";
import { Icon } from "../../parts/icon";
import { isPhone } from "../../state/prefs";
import { num, t, tableName } from "../../words";
import { Advice } from "./advice";
import { problemTitle, sheetsOf, wideProblems, type Sheet } from "./problems";

const AT_ONCE = 60;
const AT_ONCE_ON_PHONE = 15;

interface ProblemRowsProps {
  report: LoadReport;
  /** The kind of problem to show; null: all. */
  code: string | null;
  busy: boolean;
  onMend: (cells: MendedCell[]) => void;
  /** Remembers what a text means. */
  onSay: (saying: SaidText) => void;
}

/** The rows with problems, each cell where it stands in the planner's own list, and under it what would mend it. */
export function ProblemRows({ report, code, busy, onMend, onSay }: ProblemRowsProps): JSX.Element {
  const [limit, setLimit] = useState(isPhone.value ? AT_ONCE_ON_PHONE : AT_ONCE);
  const wide = wideProblems(report).filter(({ problem }) => code === null || problem === code);
  const sheets = sheetsOf(report, code);
  let left = limit;
  const hidden = sheets.reduce((sum, { rows }) => sum + rows.length, 0) - limit;
  return (
    <div class="problem-rows">
      {wide.length > 0 && (
        <Folded isFolded={isPhone.value && sheets.length > 0} name={t("wide_problems")} count={wide.length}>
          <ul class="wide-problems">
            {wide.slice(0, AT_ONCE).map((problem, index) => <WideProblem key={index} problem={problem} />)}
          </ul>
        </Folded>
      )}
      {sheets.map((sheet) => {
        const rows = sheet.rows.slice(0, Math.max(0, left));
        left -= rows.length;
        if (rows.length === 0) return null;
        return <SheetRows key={sheet.key} sheet={sheet} rows={rows} report={report} busy={busy} onMend={onMend} onSay={onSay} />;
      })}
      {hidden > 0 && <button type="button" onClick={() => setLimit(limit + AT_ONCE * 4)}>{t("rows_more", { n: hidden })}</button>}
    </div>
  );
}

interface FoldedProps {
  isFolded: boolean;
  name: string;
  count: number;
  children: ComponentChildren;
}

/** On a phone what isn't a cell waits behind its name, so that the first faulty cell is seen at once. */
export function Folded({ isFolded, name, count, children }: FoldedProps): JSX.Element {
  if (!isFolded) return <>{children}</>;
  return (
    <details class="folded">
      <summary>
        {name} <b class="amount">{num(count)}</b>
      </summary>
      {children}
    </details>
  );
}

function WideProblem({ problem }: { problem: CellProblem }): JSX.Element {
  const place = [problem.file, problem.sheet, problem.column].filter(Boolean).join(" · ");
  return (
    <li class={problem.severity}>
      <p>
        <Icon name={problem.severity} label={t(problem.severity === "error" ? "problem_severity_error" : "problem_severity_warning")} />
        <b>{problemTitle(problem.problem)}</b>
        <span class="note">{place}</span>
      </p>
      <p class="note">{[problem.expected && t("expected", { expected: problem.expected }), problem.remedy].filter(Boolean).join(t("s_semicolon"))}</p>
    </li>
  );
}

interface SheetRowsProps {
  sheet: Sheet;
  rows: LoadRow[];
  report: LoadReport;
  busy: boolean;
  onMend: (cells: MendedCell[]) => void;
  /** Remembers what a text means. */
  onSay: (saying: SaidText) => void;
}

function SheetRows({ sheet, rows, report, busy, onMend, onSay }: SheetRowsProps): JSX.Element {
  const table = report.tables.find(({ file, sheet: name }) => file === sheet.file && name === sheet.sheet)?.table ?? null;
  return (
    <table class="sheet">
      <caption>
        {sheet.sheet ?? sheet.file}
        {table && sheet.sheet !== tableName(table) && <span class="note"> {tableName(table)}</span>}
      </caption>
      <thead>
        <tr>
          <th scope="col" class="row-number">{t("problem_row")}</th>
          {sheet.columns.map((column) => <th key={column} scope="col">{column}</th>)}
        </tr>
      </thead>
      {rows.map((row) => <RowWithProblems key={row.row} row={row} sheet={sheet} table={table} report={report} busy={busy} onMend={onMend} onSay={onSay} />)}
    </table>
  );
}

interface FaultyRowProps extends Omit<SheetRowsProps, "rows"> {
  row: LoadRow;
  table: string | null;
}

function RowWithProblems({ row, sheet, table, report, busy, onMend, onSay }: FaultyRowProps): JSX.Element {
  const problems = row.problems.map((index) => report.problems[index]).filter((problem) => problem !== undefined);
  const mend = (column: string, value: string): void => onMend([{ file: row.file, sheet: row.sheet, row: row.row, column, value }]);
  return (
    <tbody class="faulty-row">
      <tr>
        <th scope="row" class="row-number">{row.row}</th>
        {columnsShown(sheet, row, problems).map((column) => {
          const own = problems.find((problem) => problem.column === column);
          return (
            <td key={column} data-column={column} class={own ? `faulty ${own.severity}` : ""}>
              {own && <Icon name={own.severity} label={problemTitle(own.problem)} />}
              <CellField text={row.cells[column] ?? ""} problem={own} label={t("cell_edit", { column, row: row.row })} busy={busy} onChange={(value) => mend(column, value)} />
            </td>
          );
        })}
      </tr>
      <tr class="advice">
        <td colSpan={sheet.columns.length + 1}>
          {problems.map((problem) => (
            <Advice key={`${problem.problem}/${problem.column}/${problem.found}`} problem={problem} table={table} report={report} busy={busy} onMend={onMend} onSay={onSay} />
          ))}
        </td>
      </tr>
    </tbody>
  );
}

const CONTEXT_ON_PHONE = 2;

/** A phone shows of a row what it is about, and its faulty cells. */
function columnsShown({ columns }: Sheet, row: LoadRow, problems: CellProblem[]): string[] {
  if (!isPhone.value) return columns;
  const about = columns.filter((column) => row.cells[column]).slice(0, CONTEXT_ON_PHONE);
  return columns.filter((column) => about.includes(column) || problems.some((problem) => problem.column === column));
}

interface CellFieldProps {
  text: string;
  problem: CellProblem | undefined;
  label: string;
  busy: boolean;
  onChange: (value: string) => void;
}

/** A cell that can be typed over; Enter or leaving it checks the row again, Escape brings the old text back. */
function CellField({ text, problem, label, busy, onChange }: CellFieldProps): JSX.Element {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  const done = (): void => {
    if (typed !== text && !busy) onChange(typed);
  };
  return (
    <input
      class="cell-field"
      aria-label={label}
      aria-invalid={problem?.severity === "error"}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.isComposing) return;
        if (event.key === "Enter") done();
        if (event.key === "Escape") setTyped(text);
      }}
    />
  );
}

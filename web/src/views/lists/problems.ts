import catalogue from "../../../../loaders/problems.json";
import type { CellProblem, LoadReport, LoadRow } from "../../api/types";
import { lang } from "../../words";

type Sentences = { zh: string; en: string };
const TITLES: Record<string, { title: Sentences }> = catalogue;

/** What a problem is called; a code that the page doesn't know stands for itself. */
export const problemTitle = (code: string): string => TITLES[code]?.title[lang.value] ?? code;

export interface ProblemGroup {
  code: string;
  severity: "error" | "warning";
  count: number;
}

/** Problems by their kind: errors before warnings, the most frequent first. */
export function groupProblems(problems: CellProblem[]): ProblemGroup[] {
  const groups = new Map<string, ProblemGroup>();
  for (const { problem: code, severity } of problems) {
    const group = groups.get(code) ?? { code, severity, count: 0 };
    group.count++;
    groups.set(code, group);
  }
  return [...groups.values()].sort(
    (one, other) => Number(one.severity === "warning") - Number(other.severity === "warning") || other.count - one.count,
  );
}

export interface Totals {
  rows: number;
  good: number;
  bad: number;
}

export function countRows(report: LoadReport): Totals {
  const totals: Totals = { rows: 0, good: 0, bad: 0 };
  for (const table of report.tables) {
    totals.rows += table.rows;
    totals.good += table.kept;
    totals.bad += table.refused;
  }
  return totals;
}

export interface Proposal {
  /** What the cell would hold; empty clears it. */
  value: string;
  kind: "nearest" | "value" | "clear";
}

const NEAREST = /是“([^”]+)”吗|Is it “([^”]+)”\?/;
const NUMBERS = /(?:如|such as)\s*(\d+(?:\s*(?:、|,|，|和|或|or|and)\s*\d+)+)/;
const CLEARABLE = /清空|clear/i;
const MOST_CHOICES = 6;

/** What would mend a cell, read from what the loaders expect and advise. */
export function propose(problem: CellProblem): Proposal[] {
  const remedy = problem.remedy ?? "";
  const proposals: Proposal[] = [];
  const nearest = NEAREST.exec(remedy);
  const near = nearest?.[1] ?? nearest?.[2];
  const nearby = near?.split("、") ?? [];
  for (const value of nearby) proposals.push({ value, kind: nearby.length === 1 ? "nearest" : "value" });
  for (const value of choicesOf(problem)) proposals.push({ value, kind: "value" });
  if (CLEARABLE.test(remedy) && problem.found) proposals.push({ value: "", kind: "clear" });
  return proposals;
}

function choicesOf({ problem, expected, remedy }: CellProblem): string[] {
  if (problem === "yes_no_unreadable") return ["是", "否"];
  if (problem === "choice_unreadable" || problem === "crs_unreadable") return split(expected ?? "");
  if (problem === "reference_ambiguous") return split(/[：:](.*)$/s.exec(remedy ?? "")?.[1] ?? "");
  return split(NUMBERS.exec(remedy ?? "")?.[1] ?? "");
}

const split = (text: string): string[] =>
  text
    .split(/、|,|，|;|；|和|或|\bor\b|\band\b/)
    .map((part) => part.trim().replace(/^[“"`]|[”"`。]$/g, ""))
    .filter((part) => part !== "")
    .slice(0, MOST_CHOICES);

export interface Sheet {
  key: string;
  file: string;
  sheet: string | null;
  columns: string[];
  rows: LoadRow[];
}

const LEADING_COLUMNS = 4;
const SERIAL = /^(序号|编次|no\.?|#)$/i;

/** The rows that have one of these problems, by sheet, with the columns worth seeing: the first few and the faulty. */
export function sheetsOf(report: LoadReport, code: string | null): Sheet[] {
  const sheets = new Map<string, Sheet>();
  for (const row of report.grid) {
    const problems = row.problems.map((index) => report.problems[index]).filter((problem) => problem !== undefined);
    if (code !== null && !problems.some((problem) => problem.problem === code)) continue;
    const key = `${row.file}/${row.sheet ?? ""}`;
    const sheet = sheets.get(key) ?? { key, file: row.file, sheet: row.sheet, columns: [], rows: [] };
    sheets.set(key, sheet);
    sheet.rows.push(row);
  }
  for (const sheet of sheets.values()) sheet.columns = columnsOf(sheet, report.problems);
  return [...sheets.values()];
}

function columnsOf(sheet: Sheet, problems: CellProblem[]): string[] {
  const faulty = new Set<string>();
  const all = new Set<string>();
  for (const row of sheet.rows) {
    for (const column of Object.keys(row.cells)) all.add(column);
    for (const index of row.problems) {
      const column = problems[index]?.column;
      if (column) faulty.add(column);
    }
  }
  const leading = [...all].filter((column) => !SERIAL.test(column.trim())).slice(0, LEADING_COLUMNS);
  for (const column of faulty) all.add(column);
  return [...all].filter((column) => leading.includes(column) || faulty.has(column));
}

/** Problems of a whole list or column: those that stand in no row of the grid. */
export function wideProblems(report: LoadReport): CellProblem[] {
  const inRows = new Set(report.grid.flatMap((row) => row.problems));
  return report.problems.filter((problem, index) => !inRows.has(index) && !isAsked(report, problem));
}

/** Whether the page asks about a problem's list which table it is: the question says it all. */
export const isAsked = (report: LoadReport, { problem, file, sheet }: CellProblem): boolean =>
  (problem === "unknown_list" || problem === "missing_column") &&
  report.unnamed.some((list) => list.file === file && list.sheet === sheet);

/** All cells with the same text and the same problem in the same column, to be mended at once. */
export function alike(report: LoadReport, problem: CellProblem): CellProblem[] {
  return report.problems.filter(
    (other) =>
      other.problem === problem.problem &&
      other.file === problem.file &&
      other.sheet === problem.sheet &&
      other.column === problem.column &&
      other.found === problem.found &&
      other.row !== null,
  );
}

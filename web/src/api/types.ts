/* What the API answers, as the page uses it. Unknown is null. */

export interface StoreState {
  revision: number;
  token: string;
  counts: Record<string, number>;
  round: string | null;
  round_stale: boolean;
  synthetic: boolean;
  store: string;
  year: number;
  outlines: boolean;
  pmtiles: string | null;
}

export interface Figures {
  needs: number;
  places_wanted: number;
  places_served: number;
  unserved: number;
  urgent_wanted: number;
  urgent_served: number;
  more_than_by_hand: number | null;
  solution_status: "optimal" | "bounded" | "heuristic";
  bound_percent: number | null;
  cost_bound_percent: number | null;
}

export interface AskSuggestion {
  kind: "ask";
  offer: string;
  unit: string;
  unit_name: string;
  title: string;
  gain_places: number;
  per: string;
}

export interface ReachSuggestion {
  kind: "reach";
  offer: string;
  unit: string;
  unit_name: string;
  title: string;
  reach_m: number;
  to_reach_m: number;
  gain_places: number;
}

export type Suggestion = AskSuggestion | ReachSuggestion;

export interface Cell {
  area: string | null;
  category: string;
  wanted: number;
  served: number;
  unserved: number;
  reason: string | null;
  by_reason: Record<string, number>;
}

export interface AreaPoint {
  id: string;
  name: string;
  lon: number | null;
  lat: number | null;
  precision: string;
  population: number | null;
  over60: number | null;
  wanted: number;
  unserved: number;
  reason: string | null;
}

export interface UnitPoint {
  id: string;
  name: string;
  kind: string;
  area: string | null;
  lon: number | null;
  lat: number | null;
  precision: string;
  member: boolean;
  capacity: number | null;
  used: number;
}

export interface Todo {
  urgent_unserved: { need: string; title: string; area: string | null }[];
  proposed_claims: number;
  promises_ending: number;
  silent_units: Named[];
  unpaired_areas: Named[];
  idle_offers: { offer: string; title: string; unit: string; unit_name: string }[];
  uncovered_units: Named[];
}

/** Some lists name their records, some give ids only. */
export type Named = string | { id: string; name: string };

export interface Summary {
  round: string;
  status: string;
  stale: boolean;
  figures: Figures;
  reasons: { reason: string; places: number }[];
  suggestions: Suggestion[];
  cells: Cell[];
  areas: AreaPoint[];
  units: UnitPoint[];
  categories: string[];
  todo: Todo;
}

export interface Why {
  kind: "only" | "nearest_with_room" | "not_nearest" | "promised" | "pairing" | "cheapest_overall";
  runner_up_unit_name: string | null;
  runner_up_extra_m: number | null;
  nearest_unit_name: string | null;
  nearest_distance_m: number | null;
}

export interface RowAssignment {
  offer: string | null;
  unit: string;
  unit_name: string;
  places: number;
  distance_m: number | null;
  estimate: boolean;
  fit: string;
  assumed: boolean;
  locked: boolean;
  why: Why | null;
}

export interface Row {
  need?: string;
  project?: string;
  kind: string;
  title: string;
  group: string;
  category: string | null;
  area: string | null;
  area_name: string | null;
  priority: number;
  quantity: number;
  served: number;
  unserved: number;
  reason: string | null;
  certificate: number | null;
  warnings: string[];
  assignments: RowAssignment[];
}

export interface Page<T> {
  items: T[];
  next: string | null;
  total: number;
}

/** Places more, units gone: what is supposed to be otherwise. */
export interface Supposed {
  more?: { table: "offers" | "units"; id: string; places?: number }[];
  gone?: string[];
}

export interface Change {
  table: "offers" | "units" | "needs" | "projects";
  id: string;
  field: string;
  value: string | number | null;
}

/** An offer that isn't there, on trial. */
export interface AddedOffer {
  unit: string;
  category: string;
  list_category: string;
  capacity: number;
  reach_m: number | null;
  reach_areas: string[];
  /** Null: all that needs of the category ask for. */
  tags: string[] | null;
  lon: number | null;
  lat: number | null;
  precision: string;
}

export interface Gain {
  need: string;
  title: string;
  area: string | null;
  area_name: string | null;
  places: number;
  unit: string;
  unit_name: string;
}

export interface Move {
  need: string;
  title: string;
  area: string | null;
  area_name: string | null;
  places: number;
  from_unit: string;
  from_unit_name: string;
  to_unit: string;
  to_unit_name: string;
  distance_change_m: number | null;
}

export interface Trial {
  /** Both are proved the best there is. */
  certified: boolean;
  before: Figures;
  after: Figures;
  gained: Gain[];
  lost: Gain[];
  moved: Move[];
  /** The same of projects: units, not places. */
  projects: { gained: Gain[]; lost: Gain[]; moved: Move[] };
  distance_change_m: number | null;
  places_change: number;
}

export interface CellProblem {
  problem: string;
  severity: "error" | "warning";
  file: string;
  sheet: string | null;
  row: number | null;
  column: string | null;
  found: string | null;
  expected: string | null;
  remedy: string | null;
  /** The section of the word table with all that the cell may say, where few may. */
  choose_from?: string;
}

export interface LoadTable {
  table: string | null;
  sheet: string | null;
  file: string;
  rows: number;
  kept: number;
  refused: number;
}

export interface LoadRow {
  file: string;
  sheet: string | null;
  row: number;
  cells: Record<string, string | null>;
  problems: number[];
}

/** A list that was not recognised, or whose columns were just named. */
export interface UnnamedList {
  file: string;
  sheet: string | null;
  is_named: boolean;
  header_row: number;
  rows: { row: number; cells: string[] }[];
  table: string | null;
  choices: Record<string, { columns: Record<string, boolean>; guesses: (string | null)[] }>;
}

/** What a text in lists means: another word for a category, a heading (大类), another name of a record. */
export interface SaidText {
  kind: "category" | "heading" | "name";
  written: string;
  meaning: string;
}

/** Which table a list with these headers is, and what each of its columns is; null: a note. */
export interface SaidList {
  kind: "list";
  headers: string[];
  table: string;
  columns: (string | null)[];
}

export type Saying = SaidText | SaidList;

export interface LoadReport {
  kept: Record<string, number>;
  unchanged: Record<string, number>;
  refused: number;
  problems: CellProblem[];
  tables: LoadTable[];
  grid: LoadRow[];
  unnamed: UnnamedList[];
}

export interface Load {
  id: string;
  status: string;
  report: LoadReport;
  /** What was said of these lists once and for all; remembered when they are loaded. */
  said: Saying[];
}

export interface Undone {
  undone: number;
  revision: number;
  /** Promises that lost their need or offer by it. */
  claims_left?: number;
}

export interface Confirmed {
  revision: number;
  kept: Record<string, number>;
  unchanged: Record<string, number>;
  /** Rows that were made because lists name them and nothing else does. */
  drafts: Record<string, number>;
  refused: number;
}

export interface Revision {
  revision: number;
  at: string;
  action: string;
  changes: Record<string, number>;
  undoes: number | null;
  undone_by: number | null;
}

export interface Job {
  id: string;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
  step: string;
  done: number;
  total: number;
  round: string | null;
  problem: ProblemDocument | null;
}

export interface Found {
  table: string;
  id: string;
  name: string;
  area: string | null;
}

export interface ProblemDocument {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  /** The detail in Chinese, or the title where nobody wrote it. */
  detail_zh?: string;
  /** The same in English. */
  detail_en?: string;
  remedy?: string;
  problems?: CellProblem[];
  /** Where a request is wrong, and what was expected there. */
  errors?: { where: string[]; expected: string; expected_zh: string }[];
}

/** What a round kept of a published one, and how good it is by that rule. */
export interface Keeping {
  round: string;
  asked_m: number;
  most_moves: number | null;
  /** So many must move at least, where that is more than `most_moves`. */
  fewest: number | null;
  places: number;
  stay: number;
  moved: number;
  gone: number;
  status: "optimal" | "bounded" | "exceeded" | "heuristic";
  gap_m: number | null;
}

/** How places are spread over units, where that was asked for. */
export interface Spread {
  step_m: number;
  units: number;
  most_places: number;
}

export type Fields = Record<string, string | number | boolean | null | string[]>;

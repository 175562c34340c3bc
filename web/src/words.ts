import { signal } from "@preact/signals";
import beside from "../../graph/words/beside.json";
import domain from "../../graph/words/domain.json";
import frame from "../../graph/words/page.json";
import network from "../../graph/words/network.json";
import plans from "../../graph/words/plans.json";

/* The words of the frame, Today and Lists, those of map, round, gaps, records and print, the network's, and those
   of what lies beside the optimum. */
const page = { ...frame, ...plans, ...network, ...beside };

export type Lang = "zh" | "en";
export type PageWord = keyof typeof page;
export type Reason = keyof typeof domain.reasons;
export type Warning = keyof typeof domain.warnings;
export type Filling = Record<string, string | number>;

interface Entry {
  zh: string;
  en: string;
}

/** The language of the page; `state/prefs.ts` keeps it in step with the URL. */
export const lang = signal<Lang>("zh");

export const REASONS = Object.keys(domain.reasons) as Reason[];
export const WARNINGS = Object.keys(domain.warnings) as Warning[];
export const CATEGORIES = Object.keys(domain.categories);
export const TABLES = Object.keys(domain.tables);

/** How English says these of a single one; their `{n}` is what is counted. */
export const OF_ONE: Partial<Record<PageWord, PageWord>> = {
  gap_places: "gap_places_one",
  gap_people: "gap_people_one",
  gap_areas: "gap_areas_one",
  blind_areas: "blind_areas_one",
  blind_people: "blind_people_one",
  territories_title: "territories_title_one",
  up_to: "up_to_one",
  s_needs: "s_needs_one",
  gaps_title: "gaps_title_one",
  gaps_projects: "gaps_projects_one",
  next_units: "next_units_one",
  map_hex: "map_hex_one",
  map_unit_gives: "map_unit_gives_one",
  round_of_unit: "round_of_unit_one",
  sheet_total: "sheet_total_one",
  rec_more_fields: "rec_more_fields_one",
  copied_rows: "copied_rows_one",
  load_rows: "load_rows_one",
  rows_shown: "rows_shown_one",
  rows_more: "rows_more_one",
  try_moved: "try_moved_one",
  keep_of: "keep_of_one",
};

/** A string of the page, its `{gaps}` filled. */
export function t(key: PageWord, filling?: Filling): string {
  const isOne = filling?.["n"] === 1 || filling?.["n"] === "1";
  return fill(page[(isOne && OF_ONE[key]) || key][lang.value], filling);
}

/** Fills `{name}` in a text; numbers are grouped, an unknown name stays as it is. */
export function fill(text: string, filling?: Filling): string {
  if (!filling) return text;
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => {
    const value = filling[name];
    return value === undefined ? gap : typeof value === "number" ? num(value) : value;
  });
}

const formats = new Map<string, Intl.NumberFormat>();

// Made once per language and digits: making one takes longer than a thousand uses of it.
function formatOf(digits: number, least: number): Intl.NumberFormat {
  const locale = lang.value === "zh" ? "zh-CN" : "en-GB";
  const key = `${locale} ${digits} ${least}`;
  const known = formats.get(key) ?? new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: digits, useGrouping: true });
  formats.set(key, known);
  return known;
}

/** A number as people read it here; `null` is 不详, never 0. */
export function num(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined) return t("unknown");
  return formatOf(digits, 0).format(value);
}

/** A number of a column, always with so many digits after the point, so that they stand under each other. */
export function fixed(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined ? t("unknown") : formatOf(digits, digits).format(value);
}

/** Joins names as a sentence lists them. */
export function list(names: string[]): string {
  return names.join(lang.value === "zh" ? "、" : ", ");
}

const COUNTED = {
  needs: ["count_need", "count_needs"],
  projects: ["count_project", "count_projects"],
  offers: ["count_offer", "count_offers"],
  units: ["count_unit", "count_units"],
} satisfies Record<string, [one: PageWord, many: PageWord]>;

/** So many records of a table, as a sentence counts them. */
export function countOf(table: string, n: number): string {
  const words = (COUNTED as Record<string, [PageWord, PageWord]>)[table];
  return words ? t(words[n === 1 ? 0 : 1], { n }) : `${tableName(table)} ${num(n)}`;
}

/** What stands behind names that were not all named: 等 counts all, "and more" the rest. */
export const andMore = (named: number, all: number): string =>
  lang.value === "zh" ? t("and_more", { n: all }) : ` ${t("and_more", { n: all - named })}`;

function name(entries: Record<string, Entry>, id: string): string {
  return entries[id]?.[lang.value] ?? id;
}

export const reasonName = (id: string): string => name(domain.reasons, id);
export const warningName = (id: string): string => name(domain.warnings, id);
export const tableName = (id: string): string => name(domain.tables, id);
export const columnName = (id: string): string => name(domain.columns, id);
export const termName = (id: string): string => name(domain.terms, id);

/** What a term of the glossary means. */
export function meaning(id: keyof typeof domain.terms): string {
  const term = domain.terms[id];
  return lang.value === "zh" ? term.meaning_zh : term.meaning_en;
}

/** A category's name; a child that the page doesn't know is named by its own id's last part. */
export function categoryName(id: string): string {
  const known = (domain.categories as Record<string, Entry>)[id];
  if (known) return known[lang.value];
  const dot = id.lastIndexOf(".");
  return dot < 0 ? id : `${categoryName(id.slice(0, dot))}·${id.slice(dot + 1)}`;
}

/** How far an offer of a category is taken to reach where nobody said so, in metres; of no category, of any other. */
export function usualReach(category: string | null): number {
  const known = domain.categories as Record<string, { reach_m: number }>;
  for (let id = category ?? "other"; ; id = id.slice(0, id.lastIndexOf("."))) {
    const found = known[id] ?? (id.includes(".") ? null : known["other"]);
    if (found) return found.reach_m;
  }
}

export type ValueKind = keyof typeof domain.values;

export const isValueKind = (section: string): section is ValueKind => section in domain.values;

/** All values of the fields that hold one of a few. */
export const VALUES = Object.fromEntries(
  Object.entries(domain.values).map(([kind, entries]) => [kind, Object.keys(entries)]),
) as Record<ValueKind, string[]>;

/** The name of one value of a field, such as a round's status. */
export function valueName(kind: ValueKind, id: string | number | null | undefined): string {
  if (id === null || id === undefined) return t("unknown");
  return name(domain.values[kind] as Record<string, Entry>, String(id));
}

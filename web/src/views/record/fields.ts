import type { Fields } from "../../api/types";
import { categoryName, num, t, valueName, type ValueKind } from "../../words";

/* A record's fields: which are shown, how they read, and how they are written back as a list's cell. */

export type Value = Fields[string] | undefined;

/** Tables whose records may pair. */
export const PAIRING: ReadonlySet<string> = new Set(["units", "areas", "branches", "alliances", "stations"]);

const HIDDEN = new Set(["id", "list_name", "list_row", "notes", "outline", "draft", "reach_any", "target_table", "crs"]);
/** Without a limit, as the service writes it. */
const UNLIMITED = 1_000_000_000;

const STATUS: Record<string, ValueKind> = { needs: "need_status", projects: "need_status", offers: "offer_status", claims: "claim_status" };
const CODED: Record<string, ValueKind> = {
  level: "level", precision: "precision", per: "per", mode: "mode", measure: "measure", priority: "priority", stage: "stage", coverage: "coverage",
};
/** Fields that name another record, and its table where only one can be meant. */
const REFERENCES: Record<string, string> = {
  area: "areas", unit: "units", alliance: "alliances", offer: "offers", claim: "claims",
};

const FIRST = ["name", "title", "category", "kind", "unit", "party", "area", "quantity", "capacity", "priority", "status"];
const LAST = ["lon", "lat", "precision", "valid_from", "valid_to", "source"];
const rank = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) - FIRST.length : LAST.indexOf(name) + 1);

/** The fields to show: what a record is about first, where it stands and comes from last. */
export const shownFields = (record: Fields): string[] =>
  Object.keys(record).filter((name) => !HIDDEN.has(name)).sort((one, other) => rank(one) - rank(other));

/** Kept by the service for itself. */
const OWN_NOTES = new Set(["made_on"]);

/** The further columns of a record's list: header and cell. */
export const readNotes = (record: Fields): [string, string][] =>
  ((record["notes"] ?? []) as unknown as [string, string][]).filter(([name]) => !OWN_NOTES.has(name));

/** The kind of code that a field holds, if it holds one. */
export const codeOf = (table: string, name: string): ValueKind | null => (name === "status" ? (STATUS[table] ?? null) : (CODED[name] ?? null));

export const referenceOf = (name: string, table: string): string | null =>
  name === "parent" ? (table === "areas" ? "areas" : "branches") : (REFERENCES[name] ?? null);

export const isEmpty = (record: Fields, name: string): boolean => {
  const value = record[name];
  if (name === "reach_m" && record["reach_any"] === true) return false;
  // How exact a point is means nothing where there is none.
  if (name === "precision" && record["lon"] === null) return true;
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
};

/** A field as people read it. */
export function readField(table: string, record: Fields, name: string, names: Record<string, string>): string {
  const value = record[name];
  if (name === "reach_m" && record["reach_any"] === true) return t("rec_unlimited");
  if (isEmpty(record, name)) return t("unknown");
  if (value === UNLIMITED) return t("rec_unlimited");
  if (typeof value === "boolean") return t(value ? "rec_yes" : "rec_no");
  const code = codeOf(table, name);
  if (code) return valueName(code, value as string | number);
  if (name === "category") return categoryName(String(value));
  if (Array.isArray(value)) return value.map((item) => names[item] ?? item).join("、");
  if (typeof value === "number") return num(value, 6);
  return names[String(value)] ?? String(value);
}

/** A field as a list's cell would hold it, for editing. */
export function writeField(record: Fields, name: string): string {
  const value = record[name];
  if (name === "reach_m" && record["reach_any"] === true) return "不限";
  if (isEmpty(record, name)) return "";
  if (value === UNLIMITED) return "不限";
  if (typeof value === "boolean") return value ? "是" : "否";
  return Array.isArray(value) ? value.join("、") : String(value);
}

import { REASONS } from "../words";

export const PAGE_NAMES = ["today", "map", "round", "gaps", "network", "lists", "record", "print", "missing"] as const;
export type PageName = (typeof PAGE_NAMES)[number];

/** Tables whose records have a page of their own: `/units/ID`. */
export const RECORD_TABLES = [
  "areas", "units", "branches", "alliances", "stations", "offers", "needs", "projects", "pairings", "claims", "services",
] as const;

/** Where the page is: all that a link, a reload or Back brings again. Ids and codes only, no typed text. */
export interface Where {
  page: PageName;
  /** The round, load or record of the path. */
  id: string | null;
  /** The table of a record page, or what is printed. */
  table: string | null;
  round: string | null;
  area: string | null;
  cat: string | null;
  reason: string | null;
  priority: string | null;
  /** Which part of the figures the tables show: `unserved` or `served`; null: all. */
  part: string | null;
  unit: string | null;
  sort: string | null;
  /** The selected thing, such as `need:ID` or `area:ID`. */
  sel: string | null;
  by: string | null;
  /** Of the network: which ties, what colours and what sizes the parties. */
  ties: string | null;
  colour: string | null;
  measure: string | null;
  /** Only what held on that day. */
  day: string | null;
  /** Of groups proposed there: how many, of which alliance's members, beside which of today's. */
  into: string | null;
  body: string | null;
  beside: string | null;
  lang: string | null;
  /** The map's view: zoom, latitude, longitude. */
  view: [number, number, number] | null;
}

export const NOWHERE: Where = {
  page: "today", id: null, table: null, round: null, area: null, cat: null, reason: null, priority: null,
  part: null, unit: null, sort: null, sel: null, by: null, ties: null, colour: null, measure: null, day: null, into: null, body: null, beside: null, lang: null, view: null,
};

const isId = (text: string): boolean => text.length > 0 && text.length <= 200 && !/^\.{1,2}$/.test(text) && !/[\s<>"]/.test(text);
const isWord = (text: string): boolean => /^[a-z][a-z_]{0,40}$/.test(text);
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
const isOneOf = (...names: string[]): ((text: string) => boolean) => (text) => names.includes(text);

const CHECKS = {
  round: isId,
  area: isId,
  cat: (text: string) => /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/.test(text),
  reason: isOneOf(...REASONS),
  priority: isOneOf("1", "2", "3", "4", "5"),
  part: isOneOf("unserved", "served"),
  unit: isId,
  sort: (text: string) => /^-?[a-z][a-z0-9_.]*$/.test(text),
  sel: (text: string) => /^[a-z]+:/.test(text) && isId(text),
  by: isOneOf("unit", "area"),
  ties: isWord,
  colour: isWord,
  measure: isWord,
  day: isDay,
  into: (text: string) => /^[1-9]\d?$/.test(text),
  body: isId,
  beside: isOneOf("alliance", "branch", "area"),
  lang: isOneOf("zh", "en"),
};
const QUERY = Object.keys(CHECKS) as (keyof typeof CHECKS)[];

/** Reads an address; what is unknown or malformed is left out. */
export function parseAddress(address: { pathname: string; search: string; hash: string }): Where {
  const where: Where = { ...NOWHERE, ...parsePath(address.pathname), view: parseView(address.hash) };
  const asked = new URLSearchParams(address.search);
  for (const key of QUERY) {
    const value = asked.get(key);
    if (value !== null && CHECKS[key](value)) where[key] = value;
  }
  return where;
}

function parsePath(pathname: string): Partial<Where> {
  const [first = "", second = ""] = pathname.split("/").filter(Boolean).map(decode);
  if (first === "lists") return { page: "lists", id: second || null };
  if (first === "round") return { page: "round", id: second || null };
  if (first === "print") return { page: "print", table: second || "claims" };
  if ((RECORD_TABLES as readonly string[]).includes(first) && second) return { page: "record", table: first, id: second };
  if (first === "map" || first === "gaps" || first === "network") return { page: first };
  return first === "" || first === "today" || first === "index.html" ? { page: "today" } : { page: "missing", id: pathname };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

function parseView(hash: string): Where["view"] {
  const [zoom, lat, lon, ...more] = hash.replace(/^#/, "").split("/").map(Number);
  if (zoom === undefined || lat === undefined || lon === undefined || more.length) return null;
  return [zoom, lat, lon].every(Number.isFinite) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [zoom, lat, lon] : null;
}

/** The address of a place: the reverse of `parseAddress`. */
export function formatAddress(where: Where): string {
  const asked = new URLSearchParams();
  for (const key of QUERY) {
    const value = where[key];
    if (value !== null) asked.set(key, value);
  }
  const text = asked.toString();
  const view = where.view ? `#${where.view[0].toFixed(2)}/${where.view[1].toFixed(5)}/${where.view[2].toFixed(5)}` : "";
  return `${formatPath(where)}${text ? `?${text}` : ""}${view}`;
}

function formatPath(where: Where): string {
  const id = where.id === null ? "" : `/${encodeURIComponent(where.id)}`;
  if (where.page === "missing") return where.id ?? "/";
  if (where.page === "record") return `/${where.table ?? "units"}${id}`;
  if (where.page === "print") return `/print/${where.table ?? "claims"}`;
  return `/${where.page}${where.page === "lists" || where.page === "round" ? id : ""}`;
}

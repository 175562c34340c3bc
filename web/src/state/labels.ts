import { signal } from "@preact/signals";
import { getRecord, getRecords } from "../api/calls";
import type { Fields } from "../api/types";
import { names, store } from "./data";

/* Names of records that an answer tells by id only: asked for once, whole tables where they are small. */

const known = signal<ReadonlyMap<string, string>>(new Map());
const asked = new Set<string>();
const WHOLE_TABLE = 2000;
const PAGE = 1000;
const AT_ONCE = 200;

function keep(found: [string, string][]): void {
  if (found.length > 0) known.value = new Map([...known.value, ...found]);
}

/** Needs are called alike so often that their neighbourhood belongs to the name. */
function nameOf(table: string, record: Fields): string {
  const name = String(record["title"] || record["name"] || record["id"]);
  const area = table === "needs" ? record["area"] : null;
  return typeof area === "string" ? `${name}·${names.peek().get(area) ?? area}` : name;
}

async function askTable(table: string): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof getRecords<Fields>>> = await getRecords(table, { limit: PAGE, ...(cursor ? { cursor } : {}) });
    keep(page.items.map((record) => [`${table}/${String(record["id"])}`, nameOf(table, record)]));
    cursor = page.next;
  } while (cursor);
}

/** Sees to it that names come; asking again for the same costs nothing. */
export function wantNames(table: string, ids: readonly string[]): void {
  const size = store.data.peek()?.counts[table] ?? null;
  if (size !== null && size <= WHOLE_TABLE) {
    if (asked.has(table) || ids.every((id) => known.peek().has(`${table}/${id}`))) return;
    asked.add(table);
    askTable(table).catch(() => asked.delete(table));
    return;
  }
  const missing = ids.filter((id) => !asked.has(`${table}/${id}`)).slice(0, AT_ONCE);
  for (const id of missing) {
    asked.add(`${table}/${id}`);
    getRecord<Fields>(table, id).then(
      ({ record }) => keep([[`${table}/${id}`, nameOf(table, record)]]),
      () => asked.delete(`${table}/${id}`),
    );
  }
}

/** A record's name as far as it is known by now, else its id. */
export const labelOf = (table: string, id: string): string => known.value.get(`${table}/${id}`) ?? names.value.get(id) ?? id;

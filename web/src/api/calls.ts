import { ask, path, query } from "./client";
import type * as type from "./types";

export interface Filters {
  area?: string | undefined;
  cat?: string | undefined;
  reason?: string | undefined;
  priority?: string | undefined;
}

export const getState = async (): Promise<type.StoreState> => (await ask<type.StoreState>("/v1/state")).body;

export const getSummary = async (round: string, filters: Filters): Promise<type.Summary> =>
  (await ask<type.Summary>(path("rounds", round, "summary") + query({ ...filters }))).body;

export interface RowQuery extends Filters {
  unit?: string | undefined;
  /** Only this need or project. */
  id?: string;
  sort?: string | undefined;
  limit?: number;
  cursor?: string;
}

export const getRows = async (round: string, asked: RowQuery): Promise<type.Page<type.Row>> =>
  (await ask<type.Page<type.Row>>(path("rounds", round, "rows") + query({ ...asked }))).body;

export const getRecords = async <T = type.Fields>(
  table: string,
  asked: Record<string, string | number | undefined> = {},
): Promise<type.Page<T>> => (await ask<type.Page<T>>(path(table) + query(asked))).body;

export interface WithTag<T> {
  record: T;
  etag: string | null;
}

export async function getRecord<T = type.Fields>(table: string, id: string): Promise<WithTag<T>> {
  const answer = await ask<T>(path(table, id));
  return { record: answer.body, etag: answer.headers.get("ETag") };
}

export async function patchRecord(
  table: string,
  id: string,
  fields: type.Fields,
  etag?: string | null,
): Promise<{ record: type.Fields; revision: number | null }> {
  const answer = await ask<type.Fields>(path(table, id), {
    method: "PATCH",
    body: fields,
    ...(etag ? { ifMatch: etag } : {}),
  });
  return { record: answer.body, revision: readRevision(answer.headers) };
}

export async function deleteRecord(table: string, id: string): Promise<number | null> {
  return readRevision((await ask(path(table, id), { method: "DELETE" })).headers);
}

function readRevision(headers: Headers): number | null {
  const revision = Number(headers.get("revision"));
  return Number.isInteger(revision) && revision > 0 ? revision : null;
}

export const search = async (text: string, limit = 20): Promise<type.Found[]> =>
  (await ask<{ items: type.Found[] }>("/v1/search", { method: "POST", body: { text, limit } })).body.items;

export async function checkLists(files: File[]): Promise<type.Load> {
  const form = new FormData();
  for (const file of files) form.append("files", file, file.name);
  return (await ask<type.Load>("/v1/loads", { method: "POST", form })).body;
}

export const getLoad = async (id: string): Promise<type.Load> => (await ask<type.Load>(path("loads", id))).body;

export interface MendedCell {
  file: string;
  sheet: string | null;
  row: number;
  column: string;
  value: string;
}

export const mendCells = async (id: string, cells: MendedCell[]): Promise<type.Load> =>
  (await ask<type.Load>(path("loads", id), { method: "PATCH", body: cells })).body;

/** Says what texts in these lists mean, and which columns a list has, in place of what was said before. */
export const sayOfLoad = async (id: string, said: type.Saying[]): Promise<type.Load> =>
  (await ask<type.Load>(path("loads", id, "said"), { method: "PUT", body: said })).body;

export const confirmLoad = async (id: string, replace = false): Promise<type.Confirmed> =>
  (await ask<type.Confirmed>(path("loads", id, "confirm"), { method: "POST", body: { replace } })).body;

export const discardLoad = async (id: string): Promise<void> => {
  await ask(path("loads", id), { method: "DELETE" });
};

export const markedAddress = (id: string): string => path("loads", id, "marked.xlsx");

export const exportAddress = (format: string): string => path("exports", format);

export const getRevisions = async (limit = 50): Promise<type.Revision[]> =>
  (await ask<type.Page<type.Revision>>(path("revisions") + query({ limit }))).body.items;

export const undoRevision = async (revision?: number): Promise<type.Undone> =>
  (
    await ask<type.Undone>("/v1/undo", {
      method: "POST",
      body: revision === undefined ? {} : { revision },
    })
  ).body;

export interface RoundWish {
  from?: string;
  to?: string;
  fit?: "broad" | "exact";
  keep_round?: string;
  /** Numbers that were typed go as they are: the service says what is wrong with them. */
  keep_m?: number | string;
  most_moves?: number | string;
  load_m?: number | string;
}

/** The days of a round, how its fits were judged, and what it was to keep and to spread. */
export interface RoundRules {
  id: string;
  period: { from: string; to: string };
  fit: "broad" | "exact";
  match: { keep?: type.Keeping | null; load?: type.Spread | null };
}

export const getRules = async (round: string): Promise<RoundRules> => (await ask<RoundRules>(path("rounds", round))).body;

export const startRound = async (wish: RoundWish = {}): Promise<type.Job> =>
  (await ask<type.Job>("/v1/rounds", { method: "POST", body: wish })).body;

export const getJob = async (id: string): Promise<type.Job> => (await ask<type.Job>(path("jobs", id))).body;

export const cancelJob = async (id: string): Promise<void> => {
  await ask(path("jobs", id), { method: "DELETE" });
};

export const tryChanges = async (round: string, changes: type.Change[]): Promise<type.Trial> =>
  (await ask<type.Trial>(path("rounds", round, "try"), { method: "POST", body: { changes } })).body;

/** Who would gain and lose if something were otherwise; nothing is kept. */
export const trySupposed = async (round: string, supposed: type.Supposed): Promise<type.Trial> =>
  (await ask<type.Trial>(path("rounds", round, "try"), { method: "POST", body: supposed })).body;

/** Who would be served instead with offers more; nothing is kept. */
export const tryOffer = async (round: string, ...offers: type.AddedOffer[]): Promise<type.Trial> =>
  (await ask<type.Trial>(path("rounds", round, "try"), { method: "POST", body: { added: offers } })).body;

export const keepChanges = async (
  round: string,
  changes: type.Change[],
  expectRevision: number,
): Promise<{ revision: number; round: string }> =>
  (
    await ask<{ revision: number; round: string }>(path("rounds", round, "keep"), {
      method: "POST",
      body: { changes, expect_revision: expectRevision },
    })
  ).body;

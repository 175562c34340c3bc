import { signal } from "@preact/signals";
import { getRecords, patchRecord } from "../../api/calls";
import { lockPlaces } from "../../api/plans";
import type { Fields } from "../../api/types";
import { version } from "../../state/data";
import { complain } from "../../state/notices";
import { resource } from "../../state/resource";
import { noteSaved, saved } from "../../state/undo";
import { where } from "../../state/where";
import { targetOf, type Line } from "./reasons";

/* Promises and refusals as they stand now, which may be later than the round. */

const PAGE = 1000;
const HOLDING = ["agreed", "delivering"];

async function readClaims(): Promise<Map<string, Fields[]>> {
  const byTarget = new Map<string, Fields[]>();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof getRecords<Fields>>> = await getRecords("claims", { limit: PAGE, ...(cursor ? { cursor } : {}) });
    for (const claim of page.items) {
      const target = String(claim["target"]);
      byTarget.set(target, [...(byTarget.get(target) ?? []), claim]);
    }
    cursor = page.next;
  } while (cursor);
  return byTarget;
}

const claims = resource(() => {
  version.value;
  return where.value.page === "round" ? readClaims : null;
});

/** What the lists say of a line's pair: the claim that holds or refuses it, or one that did. */
function pledgeOf(line: Line): Fields | null {
  const { given } = line;
  if (!given) return null;
  const own = (claims.data.value?.get(targetOf(line.row).id) ?? []).filter((claim) => (claim["offer"] ? claim["offer"] === given.offer : claim["by"] === given.unit));
  return own.find(({ status }) => HOLDING.includes(String(status))) ?? own.find(({ status }) => status === "declined") ?? own[0] ?? null;
}

/** Whether a line is promised: by the lists as they stand, else as the round found it. */
export function isLocked(line: Line): boolean {
  const pledge = pledgeOf(line);
  return pledge ? HOLDING.includes(String(pledge["status"])) : (line.given?.locked ?? false);
}

/** Whether the unit declined since the round was made. */
export const isRefused = (line: Line): boolean => pledgeOf(line)?.["status"] === "declined";

/** Whether a promise or refusal can be taken back here. */
export const canRelease = (line: Line): boolean => pledgeOf(line) !== null && (isLocked(line) || isRefused(line));

/** The line that was locked, released or refused last, and the revision that this made. */
const last = signal<{ line: string; revision: number } | null>(null);

/** Tells that a line's promise or refusal was written. */
export function notePledge(line: Line, revision: number | null): void {
  if (revision !== null) last.value = { line: line.key, revision };
  noteSaved(revision);
}

/** Whether what was saved last, and can be undone, was this line's promise or refusal. */
export const isJustSaved = (line: Line): boolean =>
  last.value?.line === line.key && saved.value?.undoneBy === null && saved.value.revision === last.value.revision;

export const offerOf = (line: Line): string | null => line.given?.offer ?? (line.row.project ? (line.given?.unit ?? null) : null);

/** Promises what the line gives, so that later rounds keep it. */
export async function lockLine(line: Line): Promise<void> {
  const offer = offerOf(line);
  if (!line.given || isLocked(line) || offer === null) return;
  try {
    notePledge(line, await lockPlaces(targetOf(line.row).id, offer, line.row.project ? null : line.given.places));
  } catch (error) {
    complain(error);
  }
}

/** Withdraws the promise or refusal of a line; later rounds choose freely again. */
export async function releaseLine(line: Line): Promise<void> {
  const pledge = pledgeOf(line);
  if (!pledge || !canRelease(line)) return;
  try {
    notePledge(line, (await patchRecord("claims", String(pledge["id"]), { status: "withdrawn" })).revision);
  } catch (error) {
    complain(error);
  }
}

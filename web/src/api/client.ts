import { signal } from "@preact/signals";
import { lang } from "../words";
import type { ProblemDocument } from "./types";

/** Whether the last attempt to reach the server failed. */
export const offline = signal(false);

/** A refusal of the server, with its problem document. */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: ProblemDocument;

  constructor(status: number, problem: ProblemDocument) {
    super(problem.detail ?? problem.title ?? String(status));
    this.name = "Refusal";
    this.status = status;
    this.problem = problem;
  }
}

/** Whether a round was made by an earlier version, which kept less of it. */
export const isOldRound = (error: unknown): boolean => error instanceof Refusal && error.problem.type === "urn:linli:problem:old-round";

/** Nobody answered. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

interface Kept {
  etag: string;
  body: unknown;
}

const kept = new Map<string, Kept>();
const MOST_KEPT = 60;

export interface Ask {
  method?: string;
  body?: unknown;
  form?: FormData;
  ifMatch?: string;
  signal?: AbortSignal;
}

export interface Answer<T> {
  body: T;
  headers: Headers;
  status: number;
}

/** Asks the API; unchanged answers come from memory. Throws `Refusal` or `Unreachable`. */
export async function ask<T>(path: string, options: Ask = {}): Promise<Answer<T>> {
  const method = options.method ?? "GET";
  const known = method === "GET" ? kept.get(path) : undefined;
  const response = await send(path, method, options, known);
  if (response.status === 304 && known) return { body: known.body as T, headers: response.headers, status: 200 };
  if (!response.ok) throw new Refusal(response.status, await readProblem(response));
  const body = (response.status === 204 ? null : await response.json()) as T;
  const etag = response.headers.get("ETag");
  if (method === "GET" && etag) keep(path, { etag, body });
  return { body, headers: response.headers, status: response.status };
}

async function send(path: string, method: string, options: Ask, known: Kept | undefined): Promise<Response> {
  const headers = new Headers({ Accept: "application/json", "Accept-Language": lang.peek() });
  if (known) headers.set("If-None-Match", known.etag);
  if (options.ifMatch) headers.set("If-Match", options.ifMatch);
  if (options.body !== undefined) headers.set("Content-Type", "application/json");
  const init: RequestInit = { method, headers, cache: "no-store", credentials: "same-origin" };
  if (options.form) init.body = options.form;
  else if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.signal) init.signal = options.signal;
  try {
    const response = await fetch(path, init);
    offline.value = false;
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    offline.value = true;
    throw new Unreachable(path);
  }
}

function keep(path: string, entry: Kept): void {
  kept.delete(path);
  kept.set(path, entry);
  const oldest = kept.keys().next();
  if (kept.size > MOST_KEPT && !oldest.done) kept.delete(oldest.value);
}

async function readProblem(response: Response): Promise<ProblemDocument> {
  try {
    return (await response.json()) as ProblemDocument;
  } catch {
    return { status: response.status, title: response.statusText };
  }
}

/** What an address answers. */
export const get = async <T>(address: string): Promise<T> => (await ask<T>(address)).body;

/** A query string of those parameters that are set. */
export function query(parameters: Record<string, string | number | null | undefined>): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return pairs.length ? `?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}` : "";
}

/** A path whose parts are escaped. */
export function path(...parts: (string | number)[]): string {
  return `/v1/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
}

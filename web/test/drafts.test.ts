import { beforeEach, expect, it } from "vitest";
import { aside, draft, draftAlone, drafts, dropDrafts, hasAny, putAside, takeBackAside } from "../src/state/drafts";

const change = (id: string, value: number | string, field = "capacity") => ({ table: "offers" as const, id, field, value });

beforeEach(() => {
  drafts.value = [];
  aside.value = [];
});

it("tries a fix alone, and loses nothing that was tried before", () => {
  draft(change("a", 1));
  draftAlone(change("b", 2));
  expect(drafts.value).toEqual([change("b", 2)]);
  expect(aside.value).toEqual([change("a", 1)]);
  takeBackAside();
  expect(drafts.value).toEqual([change("a", 1), change("b", 2)]);
  expect(aside.value).toEqual([]);
});

it("brings what was put aside back once the one is kept or discarded", () => {
  draft(change("a", 1));
  draftAlone(change("b", 2));
  dropDrafts();
  expect(drafts.value).toEqual([change("a", 1)]);
  dropDrafts();
  expect(hasAny.value).toBe(false);
});

it("holds each field once: the later value stays", () => {
  draft(change("a", 1));
  draftAlone(change("b", 2));
  draftAlone(change("a", 3));
  expect(drafts.value).toEqual([change("a", 3)]);
  expect(aside.value).toEqual([change("b", 2)]);
  draft(change("b", 4));
  takeBackAside();
  expect(drafts.value).toEqual([change("a", 3), change("b", 4)]);
});

it("puts all aside but the chosen ones", () => {
  draft(change("a", 1));
  draft(change("b", 2));
  putAside(({ id }) => id === "b");
  expect(drafts.value).toEqual([change("b", 2)]);
  expect(aside.value).toEqual([change("a", 1)]);
  expect(hasAny.value).toBe(true);
});

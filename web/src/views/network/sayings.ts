import measures from "../../../../graph/words/measures.json";
import { lang } from "../../words";
import type { Measure, TieKind, WHOLE } from "./shapes";

type Name = Measure | (typeof WHOLE)[number][0];

interface Words {
  zh: string;
  en: string;
}

type Said = Partial<Record<TieKind, Partial<Record<Name, Words & { name?: Words }>>>>;

/** What a measure says to a planner of one network: where ties mean something else, so does it. */
export function sayingOf(name: Name, kind: TieKind): string {
  const own = (measures.of as Said)[kind]?.[name];
  return own?.[lang.value] ?? measures.measures[name][lang.value === "zh" ? "says_zh" : "says_en"];
}

/** What a measure is called in one network: where it counts something else than partners, by that. */
export const nameOf = (name: Name, kind: TieKind): string =>
  ((measures.of as Said)[kind]?.[name]?.name ?? measures.measures[name])[lang.value];

/** What lists that go on leave open, in one sentence; nothing where every list ends. */
export function openOf(values: readonly { unsure?: string | undefined }[]): string[] {
  const told = new Set(values.map(({ unsure }) => unsure));
  const words: Record<string, Words> = measures.unsure;
  return Object.keys(words).filter((key) => told.has(key)).map((key) => words[key]?.[lang.value] ?? "");
}

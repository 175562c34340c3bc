import measures from "../../../../graph/words/measures.json";
import { lang } from "../../words";
import type { Measure, TieKind, WHOLE } from "./shapes";

type Name = Measure | (typeof WHOLE)[number][0];
type Said = Partial<Record<TieKind, Partial<Record<Name, { zh: string; en: string }>>>>;

/** What a measure says to a planner of one network: where ties mean something else, so does it. */
export function sayingOf(name: Name, kind: TieKind): string {
  const own = (measures.of as Said)[kind]?.[name];
  return own?.[lang.value] ?? measures.measures[name][lang.value === "zh" ? "says_zh" : "says_en"];
}

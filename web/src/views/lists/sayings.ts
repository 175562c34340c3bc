import type { CellProblem, SaidText, Saying } from "../../api/types";
import { CATEGORIES, categoryName, isValueKind, t, VALUES, valueName } from "../../words";

/** What a text is, of which somebody says once and for all what it means. */
const REMEMBERED_AS: Record<string, SaidText["kind"]> = {
  category_unreadable: "category",
  category_other: "heading",
  reference_unknown: "name",
  reference_ambiguous: "name",
  draft_unit: "name",
  draft_area: "name",
  chair_unknown: "name",
};

/** What would be remembered if the text of a cell always meant this; null where it can't be. */
export function sayingFor({ problem, found }: CellProblem, meaning: string): SaidText | null {
  const kind = REMEMBERED_AS[problem];
  return kind && found ? { kind, written: found, meaning } : null;
}

/** Whether a cell refers to a record, of which any name will do. */
export const isReference = ({ problem }: CellProblem): boolean => REMEMBERED_AS[problem] === "name";

const keyOf = (saying: Saying): string => JSON.stringify([saying.kind, saying.kind === "list" ? saying.headers : saying.written]);

/** What was said, one thing more; it takes the place of what was said of the same text before. */
export const withSaying = (said: Saying[], saying: Saying): Saying[] => [...withoutSaying(said, saying), saying];

export const withoutSaying = (said: Saying[], saying: Saying): Saying[] => said.filter((other) => keyOf(other) !== keyOf(saying));

/** All that a cell may say, where it is one of a few words; the loaders read these names in both languages. */
export function choicesFor({ choose_from: section }: CellProblem): string[] {
  if (!section) return [];
  if (section === "categories") return CATEGORIES.map(categoryName);
  if (section === "yes_no") return [t("rec_yes"), t("rec_no")];
  return isValueKind(section) ? VALUES[section].map((id) => valueName(section, id)) : [];
}

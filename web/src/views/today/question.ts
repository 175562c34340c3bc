import { t, type PageWord } from "../../words";

const QUESTIONS: Record<string, PageWord> = { month: "q_month", quarter: "q_quarter", year: "q_year", round: "q_round" };

/** What to ask about an offer whose number nobody knows. */
export const question = (title: string, per: string): string =>
  t("q_title", { title, question: t(QUESTIONS[per] ?? "q_round") });

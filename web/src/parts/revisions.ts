import { lang, list, t, tableName, type PageWord } from "../words";

const ACTIONS: Record<string, PageWord> = {
  load: "action_load", undo: "action_undo", edit: "action_edit", add: "action_add", delete: "action_delete", claim: "action_claim",
  lock: "action_lock", release: "action_release", refuse: "action_refuse", keep: "action_keep",
};

/** What a revision did, in a word. */
export function actionName(action: string): string {
  const word = ACTIONS[action];
  return word ? t(word) : action;
}

export const tableTitle = (table: string): string => (table === "rounds" ? t("page_round") : tableName(table));

/** How many rows of which tables, as a sentence lists them. */
export const changesText = (changes: Record<string, number>): string =>
  list(Object.entries(changes).filter(([, rows]) => rows > 0).map(([table, rows]) => t("table_rows", { table: tableTitle(table), n: rows })));

/** A moment as the clock of the place shows it, in the page's language. */
export const momentText = (at: string): string =>
  new Date(at).toLocaleString(lang.value === "zh" ? "zh-CN" : "en-GB", {
    timeZone: "Asia/Shanghai", year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit",
  });

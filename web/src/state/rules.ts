import type { RoundRules, RoundWish } from "../api/calls";
import { Refusal } from "../api/client";
import { lang, t } from "../words";
import { kept } from "./keep";
import { explain, type Notice } from "./notices";

/** What a match can be asked for besides its days, as it stands in the fields; an empty field asks for nothing. */
export interface Rules {
  keep_round: string;
  keep_m: string;
  most_moves: string;
  load_m: string;
}

export type RuleName = keyof Rules;

export const NO_RULES: Rules = { keep_round: "", keep_m: "500", most_moves: "", load_m: "0" };
export const RULE_NAMES = Object.keys(NO_RULES) as RuleName[];

const isDraft = (value: unknown): value is { round: string; rules: Rules } | null =>
  value === null || (typeof value === "object" && "round" in value && "rules" in value && isRules(value.rules));
const isRules = (value: unknown): value is Rules =>
  typeof value === "object" && value !== null && RULE_NAMES.every((name) => typeof (value as Record<string, unknown>)[name] === "string");

/** Rules that were changed and not matched by yet, and beside which round: a reload doesn't lose them. */
export const rulesDraft = kept<{ round: string; rules: Rules } | null>("rules", null, isDraft);

/** The rules that a round was made by. */
export function rulesOf({ keep, load }: RoundRules["match"]): Rules {
  return {
    keep_round: keep?.round ?? NO_RULES.keep_round,
    keep_m: keep ? String(keep.asked_m) : NO_RULES.keep_m,
    most_moves: keep && keep.most_moves !== null ? String(keep.most_moves) : NO_RULES.most_moves,
    load_m: load ? String(load.step_m) : NO_RULES.load_m,
  };
}

/** The part of a wish that says them: nothing of what isn't asked for. */
export function wishOf(rules: Rules): RoundWish {
  const [keepM, most, load] = [rules.keep_m, rules.most_moves, rules.load_m].map(typed);
  return {
    ...(rules.keep_round !== "" && {
      keep_round: rules.keep_round,
      ...(keepM !== undefined && { keep_m: keepM }),
      ...(most !== undefined && { most_moves: most }),
    }),
    ...(load !== undefined && load !== 0 && { load_m: load }),
  };
}

/** What was typed: a number, or the text that isn't one, for the service to refuse; undefined where nothing was. */
function typed(text: string): number | string | undefined {
  const plain = text.trim();
  if (plain === "") return undefined;
  return Number.isFinite(Number(plain)) ? Number(plain) : plain;
}

/** Whether two say the same: numbers of a round that isn't kept say nothing. */
export const isSameWish = (one: Rules, other: Rules): boolean => JSON.stringify(wishOf(one)) === JSON.stringify(wishOf(other));

const OF_KEPT_ROUND = ["no-round", "old-round", "invalid"].map((code) => `urn:linli:problem:${code}`);

/** What a refusal says of which field; what is of none stands under "". */
export function faultsOf(error: unknown, rules: Rules): Map<RuleName | "", Notice> {
  const told = explain(error);
  const { errors = [], type = "" } = error instanceof Refusal ? error.problem : {};
  const found = new Map<RuleName | "", Notice>();
  for (const { where, expected, expected_zh: chinese } of errors) {
    const name = RULE_NAMES.find((one) => one === where.at(-1));
    if (name) found.set(name, { text: t("expected", { expected: lang.value === "zh" ? chinese : expected }), remedy: "" });
  }
  if (found.size === 0) found.set(errors.length === 0 && rules.keep_round !== "" && OF_KEPT_ROUND.includes(type) ? "keep_round" : "", told);
  return found;
}

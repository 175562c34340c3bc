import type { Card } from "../api/cards";
import { t } from "../words";

/** How much of an offer a round uses, and of how much. */
export function usedOf({ used, unlimited, round_capacity: capacity }: Card["gives"][number]): string {
  if (unlimited) return t("rec_used_unlimited", { used });
  return capacity === null ? t("rec_used_of_unknown", { used }) : t("rec_used", { used, capacity });
}

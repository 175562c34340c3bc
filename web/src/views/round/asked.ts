import { computed } from "@preact/signals";
import { getRules } from "../../api/calls";
import { round, version } from "../../state/data";
import { resource } from "../../state/resource";
import { where } from "../../state/where";

/** By which rules the round shown was made, and what it kept. */
export const made = resource(() => {
  const shown = round.value;
  version.value;
  return shown === null || where.value.page !== "round" ? null : () => getRules(shown);
});

/** The same, but for an answer that belongs to another round than the one shown. */
export const madeNow = computed(() => (made.old.value && made.data.value?.id !== round.value ? null : made.data.value));

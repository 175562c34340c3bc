import { useMemo } from "preact/hooks";
import { hasDrafts } from "../../state/drafts";
import { trial } from "../../state/trial";
import { trialLines, type MapLine } from "./shapes";

const NONE: MapLine[] = [];

/** The lines of what is being tried, if anything is. */
export function useTrialLines(): MapLine[] {
  const tried = hasDrafts.value ? trial.data.value : null;
  return useMemo(() => (tried ? trialLines(tried) : NONE), [tried]);
}

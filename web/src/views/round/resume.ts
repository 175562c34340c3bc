import { effect } from "@preact/signals";
import { getRows } from "../../api/calls";
import { round } from "../../state/data";
import { changing } from "../../state/drafts";
import { complain } from "../../state/notices";
import { openPanel, panel } from "../../state/panel";
import { isPhone } from "../../state/prefs";
import type { PageName } from "../../state/url";
import { where } from "../../state/where";

const HAVE_WHY: ReadonlySet<PageName> = new Set(["today", "map", "round", "gaps"]);

/** Opens why for the need or project that the address names, unless that panel was closed before a reload. */
export function resumeWhy(): void {
  const { sel, page } = where.peek();
  const [, kind, id] = /^(need|project):(.+)$/s.exec(sel ?? "") ?? [];
  if (kind === undefined || id === undefined || !HAVE_WHY.has(page) || wasClosed() || changing.peek()) return followClosing();
  const isWanted = (): boolean => where.peek().sel === sel && panel.peek() === null;
  void whenKnown()
    .then(async (shown) => {
      const row = isWanted() ? (await getRows(shown, { id, limit: 1 })).items[0] : undefined;
      const { whyPanel } = await import("./why");
      if (row?.[kind as "need" | "project"] === id && isWanted()) openPanel({ ...whyPanel(row), isBeside: !isPhone.peek() });
    })
    .catch(complain)
    .finally(followClosing);
}

/** The round shown, once it is known which. */
const whenKnown = (): Promise<string> =>
  new Promise((done) => {
    effect(() => {
      if (round.value !== null) done(round.value);
    });
  });

const wasClosed = (): boolean => (history.state as { isClosed?: boolean } | null)?.isClosed === true;

/** Notes with the address whether the panel is closed: a reload shows what was seen, a link sent on opens it. */
function followClosing(): void {
  effect(() => {
    where.value;
    const isClosed = panel.value === null;
    // Browsers refuse too many changes of the history, as while the map is dragged.
    if (wasClosed() !== isClosed) history.replaceState({ isClosed }, "");
  });
}

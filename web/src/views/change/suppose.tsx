import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { trySupposed } from "../../api/calls";
import type { Supposed, Trial } from "../../api/types";
import { Failed } from "../../parts/states";
import { TrialResult } from "../../parts/trial";
import { round, version } from "../../state/data";
import { openPanel, type PanelContent } from "../../state/panel";
import { t } from "../../words";
import { changePanel, type ChangeWish } from "./panel";

interface SupposedWish {
  key: string;
  title: string;
  supposed: Supposed;
  /** The number that would make it so, to be changed and kept. */
  change?: ChangeWish;
  /** Where the panel was opened from. */
  back?: () => PanelContent;
}

/** The panel that says who gains, moves and loses if something were otherwise; there is nothing to keep in it. */
export const supposePanel = (wish: SupposedWish): PanelContent => ({
  key: `suppose/${wish.key}`,
  title: wish.title,
  body: () => <SupposedResult {...wish} />,
});

function SupposedResult({ supposed, change, back }: SupposedWish): JSX.Element {
  const [trial, setTrial] = useState<Trial | null>(null);
  const [error, setError] = useState<unknown>(null);
  const shown = round.value;
  const ask = (): (() => void) | undefined => {
    if (shown === null) return undefined;
    let isOld = false;
    setError(null);
    setTrial(null);
    trySupposed(shown, supposed).then((found) => !isOld && setTrial(found), (problem: unknown) => !isOld && setError(problem));
    return () => {
      isOld = true;
    };
  };
  useEffect(ask, [shown, version.value]);
  return (
    <div class="change">
      {error !== null ? <Failed error={error} onRetry={ask} /> : trial === null ? <p role="status">{t("working_on")}</p> : (
        <>
          <p class="note">{t(trial.certified ? "suppose_certified" : "suppose_about")}</p>
          <TrialResult trial={trial} />
        </>
      )}
      {(back || change) && <div class="actions">
        {back && <button type="button" onClick={() => openPanel(back())}>{t("suppose_back")}</button>}
        {change && <button type="button" onClick={() => openPanel(changePanel(change))}>{t("change_number")}</button>}
      </div>}
    </div>
  );
}

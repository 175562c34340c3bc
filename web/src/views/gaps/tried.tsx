import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { tryOffer } from "../../api/calls";
import type { Action } from "../../api/plans";
import type { AddedOffer, Trial } from "../../api/types";
import { Failed, Loading } from "../../parts/states";
import { TrialResult } from "../../parts/trial";
import { round } from "../../state/data";
import { labelOf } from "../../state/labels";
import type { PanelContent } from "../../state/panel";
import { categoryName, columnName, num, t } from "../../words";
import { areaName } from "./names";

/** The panel in which an offer that isn't there is tried; nothing of it can be kept. */
export const offerPanel = (action: Action, offer: AddedOffer): PanelContent => ({
  key: `tried/${action.id}`,
  title: giverOf(action),
  body: () => <TriedOffer action={action} offer={offer} />,
});

/** Who would give: a unit, or a resident who is yet to be found. */
const giverOf = ({ where: { unit, area } }: Action): string => (unit ? labelOf("units", unit) : t("tried_resident", { area: areaName(area ?? "") }));

function TriedOffer({ action, offer }: { action: Action; offer: AddedOffer }): JSX.Element {
  const [result, setResult] = useState<Trial | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  const shown = round.value;
  useEffect(() => {
    let isOld = false;
    setResult(null);
    setError(null);
    if (shown !== null) {
      tryOffer(shown, offer).then((found) => !isOld && setResult(found), (problem: unknown) => !isOld && setError(problem));
    }
    return () => {
      isOld = true;
    };
  }, [shown, action.id, tries]);
  const giver = giverOf(action);
  const named = result && { ...result, gained: result.gained.map((item) => (item.unit === offer.unit ? { ...item, unit_name: giver } : item)), moved: result.moved.map((item) => (item.to_unit === offer.unit ? { ...item, to_unit_name: giver } : item)) };
  return (
    <div class="tried-offer">
      <p>{columnName("capacity")} <b class="amount">{num(offer.capacity)}</b></p>
      <p class="note">{t("tried_offer", { unit: giver, category: categoryName(offer.category) })}</p>
      {error !== null && <Failed error={error} onRetry={() => setTries(tries + 1)} />}
      {!named && error === null && <Loading />}
      {named && <TrialResult trial={named} />}
    </div>
  );
}

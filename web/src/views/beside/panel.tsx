import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Failed, Loading, OldMark } from "../../parts/states";
import type { PanelContent } from "../../state/panel";
import type { Resource } from "../../state/resource";
import { t, type PageWord } from "../../words";
import { cap, done, fairness, isOpen, places, stability, total } from "./asked";
import { CapPart, FairPart, FairWish, StablePart } from "./rules";
import { PlacesPart } from "./worth";

/** The panel of what lies beside the optimum: what a place is worth, what fairness and free choice would cost. */
export const besidePanel = (): PanelContent => ({ key: "beside", title: t("beside_title"), body: Beside });

function Beside(): JSX.Element {
  useEffect(() => {
    isOpen.value = true;
    return () => {
      isOpen.value = false;
    };
  }, []);
  const isSplit = [places, fairness, cap, stability].some(({ data }) => data.value?.exact === false);
  return (
    <div class="beside-panel">
      <p class="note">{t("beside_note")}</p>
      {isSplit && <p class="note">{t("beside_split")}</p>}
      <p class="note" role="status">{done.value < total ? t("working", { done: done.value, total }) : ""}</p>
      <Part title="beside_worth" of={places}>{(found) => <PlacesPart more={found.more_places} less={found.less_places} />}</Part>
      <Part title="beside_fair" of={fairness} wish={<FairWish />}>{(found) => <FairPart fair={found.fair_share} />}</Part>
      <Part title="beside_cap" of={cap}>{(found) => <CapPart cap={found.distance_cap} />}</Part>
      <Part title="beside_stable" of={stability}>{(found) => <StablePart stable={found.stability} />}</Part>
    </div>
  );
}

interface PartProps<T> {
  title: PageWord;
  of: Resource<T>;
  /** What can be chosen; it stays while the answer is under way. */
  wish?: JSX.Element;
  children: (found: T) => ComponentChildren;
}

/** One part under its heading: what it says, that it is under way, or what went wrong. */
function Part<T>({ title, of, wish, children }: PartProps<T>): JSX.Element {
  const { data, old, error } = of;
  return (
    <section class={old.value && data.value ? "is-old" : ""}>
      <h3>{t(title)} <OldMark old={old.value && data.value !== null} /></h3>
      {wish}
      {error.value !== null ? <Failed error={error.value} onRetry={of.reload} /> : data.value === null ? <Loading /> : children(data.value)}
    </section>
  );
}

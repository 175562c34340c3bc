import type { JSX } from "preact";
import { getRecords } from "../../api/calls";
import { openPanel } from "../../state/panel";
import { t } from "../../words";
import { changePanel } from "../change/panel";

/** Tries more capacity at a unit: of its first offer, or of all it takes on where it offers nothing. */
export function TryMore({ unit, name }: { unit: string; name: string }): JSX.Element {
  const begin = async (): Promise<void> => {
    const { items } = await getRecords("offers", { unit, limit: 1 });
    const [offer] = items;
    openPanel(
      offer
        ? changePanel({ table: "offers", id: String(offer["id"]), title: name, field: "capacity" })
        : changePanel({ table: "units", id: unit, title: name, field: "capacity" }),
    );
  };
  return <button type="button" class="quiet" onClick={() => void begin()}>{t("map_try_more")}</button>;
}

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { getExplanation, refusePair } from "../../api/plans";
import { round } from "../../state/data";
import { complain } from "../../state/notices";
import { closePanel, type PanelContent } from "../../state/panel";
import { where } from "../../state/where";
import { t } from "../../words";
import { changePanel } from "../change/panel";
import { DECLINES, type Decline } from "./declines";
import { notePledge, offerOf } from "./pledges";
import { targetOf, type Line } from "./reasons";

/** Whether a line belongs to what is selected. */
export function isCurrent(line: Line): boolean {
  const { table, id } = targetOf(line.row);
  return where.value.sel === `${table.slice(0, -1)}:${id}`;
}

/** The number to change for a line: of its offer, else of the nearest that could serve it, else of the need. */
export async function numberPanel(line: Line): Promise<PanelContent> {
  const { table, id } = targetOf(line.row);
  if (line.given?.offer) return changePanel({ table: "offers", id: line.given.offer, title: line.given.unit_name, field: "capacity" });
  if (!line.given && round.value !== null) {
    try {
      const { unserved, alternatives } = await getExplanation(id, round.value);
      if (unserved?.nearest?.offer && unserved.nearest.reach_that_would_do_m !== null) {
        return changePanel({ table: "offers", id: unserved.nearest.offer, title: line.row.title, field: "reach_m", value: unserved.nearest.reach_that_would_do_m });
      }
      const full = alternatives.find(({ offer, reason }) => offer !== null && (reason === "full" || reason === "unit_full"));
      if (full?.offer) return changePanel({ table: "offers", id: full.offer, title: line.row.title, field: "capacity" });
    } catch (error) {
      complain(error);
    }
  }
  if (table === "needs") return changePanel({ table: "needs", id, title: line.row.title, field: "quantity" });
  return changePanel({ table: "units", id: line.given?.unit ?? "", title: line.given?.unit_name ?? line.row.title, field: "capacity" });
}

/** Asks why a unit declined; later rounds leave the pair out. */
export const refusePanel = (line: Line): PanelContent => ({
  key: `refuse/${line.key}`,
  title: t("refuse"),
  body: () => <RefuseForm line={line} />,
});

function RefuseForm({ line }: { line: Line }): JSX.Element {
  const [why, setWhy] = useState<Decline>("decline_far");
  const [isSending, setSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // The browser's own autofocus stays away where something has the focus already.
  useLayoutEffect(() => form.current?.querySelector("input")?.focus(), []);
  const offer = offerOf(line);
  if (!line.given || offer === null) return <p>{t("refuse_nobody")}</p>;
  const send = async (): Promise<void> => {
    setSending(true);
    try {
      notePledge(line, await refusePair(targetOf(line.row).id, offer, DECLINES[why]));
      closePanel();
    } catch (error) {
      complain(error);
    } finally {
      setSending(false);
    }
  };
  return (
    <form
      ref={form}
      class="refuse"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p>{t("refuse_pair", { unit: line.given.unit_name, need: line.row.title })}</p>
      <fieldset>
        <legend>{t("refuse_why")}</legend>
        {(Object.keys(DECLINES) as Decline[]).map((name) => (
          <label key={name} class="check">
            <input type="radio" name="why" checked={why === name} onChange={() => setWhy(name)} />
            {t(name)}
          </label>
        ))}
      </fieldset>
      <p class="note">{t("refuse_note")}</p>
      <div class="actions">
        <button type="submit" class="primary" disabled={isSending}>{t("refuse_keep")}</button>
        <button type="button" onClick={closePanel}>{t("cancel")}</button>
      </div>
    </form>
  );
}

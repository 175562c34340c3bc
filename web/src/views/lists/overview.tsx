import type { JSX } from "preact";
import { exportAddress, getRevisions } from "../../api/calls";
import type { Revision } from "../../api/types";
import { actionName, changesText, momentText, tableTitle } from "../../parts/revisions";
import { Failed, Loading } from "../../parts/states";
import { store, version } from "../../state/data";
import { isWorking, recompute } from "../../state/jobs";
import { resource } from "../../state/resource";
import { isUndoing, takeBack } from "../../state/undo";
import { list, t, TABLES } from "../../words";
import { confirmed, leftOut } from "./check";
import { Remembered } from "./remembered";

const FORMATS = ["xlsx", "csv", "json", "geojson", "graphml", "gexf", "parquet"];

const revisions = resource(() => {
  version.value;
  return store.data.value ? () => getRevisions(50) : null;
});

/** What the store holds, its revisions with a way back, and its exports. */
export function Overview(): JSX.Element {
  return (
    <>
      <Stored />
      <div class="lists-below">
        <Held />
        <History />
        <div class="lists-side">
          <Exports />
          <Remembered />
        </div>
      </div>
    </>
  );
}

/** What was loaded just now, and the next step. */
function Stored(): JSX.Element | null {
  const answer = confirmed.value;
  if (!answer) return null;
  const same = Object.values(answer.unchanged).reduce((sum, rows) => sum + rows, 0);
  return (
    <p class="stored" role="status">
      <b>{t("load_stored", { n: answer.revision })}</b>
      <span>{changesText(answer.kept)}</span>
      {Object.keys(answer.drafts).length > 0 && <span class="note">{t("load_drafts", { tables: changesText(answer.drafts) })}</span>}
      {leftOut.value.length > 0 && <b class="refused-mark">{t("load_left_out", { lists: list(leftOut.value) })}</b>}
      {same > 0 && <span class="note">{t("load_unchanged", { n: same })}</span>}
      <button type="button" class="quiet" onClick={() => void takeBack(answer.revision).then(() => (confirmed.value = null))}>{t("undo")}</button>
      <button type="button" class="primary" disabled={isWorking.value} onClick={() => void recompute()}>{t("recompute")}</button>
    </p>
  );
}

function Held(): JSX.Element {
  const counts = store.data.value?.counts ?? {};
  const held = TABLES.filter((table) => (counts[table] ?? 0) > 0);
  return (
    <section class="card">
      <h2>{t("lists_held")}</h2>
      {held.length === 0 && <p class="note">{t("no_lists")}</p>}
      <table class="figures">
        <tbody>
          {held.map((table) => (
            <tr key={table}>
              <th scope="row">{tableTitle(table)}</th>
              <td class="amount">{t("rows_shown", { n: counts[table] ?? 0 })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function History(): JSX.Element {
  const items = revisions.data.value;
  return (
    <section class="card history">
      <h2>{t("lists_history")}</h2>
      {revisions.error.value !== null ? (
        <Failed error={revisions.error.value} onRetry={revisions.reload} />
      ) : items === null ? (
        <Loading />
      ) : items.length === 0 ? (
        <p class="note">{t("history_none")}</p>
      ) : (
        <ol>{items.map((item) => <HistoryLine key={item.revision} item={item} all={items} />)}</ol>
      )}
    </section>
  );
}

function HistoryLine({ item, all }: { item: Revision; all: Revision[] }): JSX.Element {
  const undoes = isUndoing(item, all);
  const word = t(undoes ? "redo" : "history_undo");
  const isBringing = item.undoes !== null && !undoes;
  return (
    <li class={item.undone_by === null ? "" : "is-undone"}>
      <span class="history-what">
        <b>{isBringing ? t("redo") : actionName(item.action)}</b> {item.undoes !== null && t("revision", { n: item.undoes })} {changesText(item.changes)}
      </span>
      <span class="note">
        {t("revision", { n: item.revision })} {momentText(item.at)}
      </span>
      {item.undone_by !== null ? (
        <span class="note">{t("history_undone", { n: item.undone_by })}</span>
      ) : (
        <button type="button" class="quiet" aria-label={`${word} ${t("revision", { n: item.revision })}`} onClick={() => void takeBack(item.revision)}>
          {word}
        </button>
      )}
    </li>
  );
}

function Exports(): JSX.Element {
  return (
    <section class="card">
      <h2>{t("lists_export")}</h2>
      <p class="note">{t("lists_export_hint")}</p>
      <p class="export-links">
        {FORMATS.map((format) => <a key={format} class="button-link" href={exportAddress(format)} download="">{format.toUpperCase()}</a>)}
      </p>
    </section>
  );
}

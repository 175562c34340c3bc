import type { JSX } from "preact";
import type { Summary } from "../../api/types";
import { ReasonIcon } from "../../parts/icon";
import { useKeys } from "../../keys";
import { summary } from "../../state/data";
import { openPanel } from "../../state/panel";
import { isOnPaper, isPhone } from "../../state/prefs";
import { addressOf, go, open, where } from "../../state/where";
import { categoryName, num, REASONS, t } from "../../words";
import { RoundPage } from "../frame/roundpage";
import { StaleBar } from "../frame/stale";
import { MapBeside } from "../map/beside";
import { Board, exportBoard, spotOf, useMatrix } from "./board";
import { UNPLACED, type Matrix } from "./matrix";
import { PaperBoard } from "./paper";
import { PhoneBoard } from "./phone";
import { rowsPanel } from "./rowspanel";
import { Sentences, suggestionPanel } from "./sentences";
import { TodoList } from "./todo";

/** Today: three sentences, and below them what they count. */
export function Today(): JSX.Element {
  return <RoundPage>{(summary) => <Shown summary={summary} />}</RoundPage>;
}

function Shown({ summary: shown }: { summary: Summary }): JSX.Element {
  const matrix = useMatrix(shown);
  useKeys({
    e: () => {
      const [first] = shown.suggestions;
      if (first) openPanel(suggestionPanel(first));
    },
    m: () => open("map", { sel: where.value.sel }),
  }, [shown]);
  return (
    <div class={summary.old.value ? "today is-old" : "today"}>
      <StaleBar />
      {!isPhone.value && <Links />}
      <Sentences summary={shown} />
      {isPhone.value ? (
        <>
          <PhoneBoard matrix={matrix} />
          <TodoList todo={shown.todo} />
        </>
      ) : (
        <div class="today-below">
          <div class="board">
            {isOnPaper.value ? <PaperBoard matrix={matrix} /> : <Board matrix={matrix} />}
          </div>
          <div class="beside">
            <MapBeside summary={shown} />
            <TodoList todo={shown.todo} />
          </div>
        </div>
      )}
      {!isPhone.value && <SelectedLine matrix={matrix} />}
    </div>
  );
}

/** The two ways that a day begins and ends with. */
function Links(): JSX.Element {
  const claims = { table: "claims", by: "unit" };
  const follow = (event: MouseEvent, act: () => void): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    act();
  };
  return (
    <p class="today-links">
      <a class="button-link" href={addressOf("lists")} onClick={(event) => follow(event, () => open("lists"))}>{t("load_lists")}</a>
      <a class="button-link" href={addressOf("print", claims)} onClick={(event) => follow(event, () => open("print", claims))}>{t("print_sheets")}</a>
    </p>
  );
}

/** What is selected, in words: the same figures as the cell, and the two ways on. */
function SelectedLine({ matrix }: { matrix: Matrix }): JSX.Element {
  const spot = spotOf(where.value.sel);
  const row = spot?.area === null ? matrix.total : matrix.rows.find(({ area }) => area === spot?.area);
  const tally = spot?.category ? row?.cells[spot.category] : row?.total;
  const exporter = <button type="button" class="quiet at-end" onClick={() => exportBoard(matrix)}>{t("export_shown")}</button>;
  if (!spot || !row || !tally) {
    return (
      <p class="selected-line">
        {spot && <span class="note">{t("selected_nothing")}</span>}
        {exporter}
      </p>
    );
  }
  const name = [row.name, spot.category ? categoryName(spot.category) : ""].filter(Boolean).join("·");
  const reasons = REASONS.filter((reason) => tally.byReason[reason]);
  return (
    <p class="selected-line">
      <span>{t("selected_is")}</span>
      <b>{t("selected_line", { name, wanted: tally.wanted, served: tally.served, unserved: tally.unserved })}</b>
      {reasons.map((reason) => (
        <span key={reason}>
          <ReasonIcon reason={reason} named /> {num(tally.byReason[reason] ?? 0)}
        </span>
      ))}
      <button type="button" class="quiet" onClick={() => openPanel(rowsPanel(spot))}>{t("selected_why")}</button>
      {spot.area !== UNPLACED && (
        <button type="button" class="quiet" onClick={() => go({ area: spot.area, cat: spot.category })}>{t("only_these")}</button>
      )}
      {exporter}
    </p>
  );
}

import type { JSX, VNode } from "preact";
import { useState } from "preact/hooks";
import { Grid, type GridColumn } from "../../parts/grid";
import { Icon, ReasonIcon, WarningIcon } from "../../parts/icon";
import { go, where } from "../../state/where";
import { categoryName, lang, num, reasonName, t, warningName } from "../../words";
import { noteCopied } from "../frame/copied";
import { isCurrent } from "./act";
import { isLocked, isRefused } from "./pledges";
import { distanceText, whyText, type Line } from "./reasons";

interface LineGridProps {
  lines: Line[];
  columns: GridColumn<Line>[];
  onFocus: (line: Line) => void;
  onOpen: (line: Line) => void;
  onClick: (line: Line) => void;
  onWhy: (line: Line) => void;
  onKey: (key: string, line: Line) => boolean;
}

export function LineGrid(props: LineGridProps): JSX.Element {
  return (
    <Grid<Line>
      label={t("page_round")}
      columns={props.columns}
      rows={props.lines}
      id={(line) => line.key}
      selected={where.value.sel}
      sort={where.value.sort}
      onSort={(sort) => go({ sort }, "replace")}
      onFocus={props.onFocus}
      onOpen={props.onOpen}
      onClick={props.onClick}
      onWhy={props.onWhy}
      onKey={(key, line) => props.onKey(key, line)}
      onCopied={noteCopied}
    />
  );
}

const needText = ({ row }: Line): string => [row.title, row.group].filter(Boolean).join("·");
const unmatched = (line: Line): string => (line.row.reason ? t("why_short", { reason: reasonName(line.row.reason), n: line.places }) : "");

function reasonText(line: Line): string {
  if (!line.given) return unmatched(line);
  const marks = [...(line.given.assumed ? ["assumed"] : []), ...(line.given.fit === "broad" ? ["broad"] : []), ...line.row.warnings.filter((name) => name !== "assumed" && name !== "broad")];
  return [isLocked(line) ? t("locked") : "", isRefused(line) ? t("refused_since") : "", ...marks.map(warningName), whyText(line.given)].filter(Boolean).join(t("s_comma"));
}

export function buildColumns(): GridColumn<Line>[] {
  const isZh = lang.value === "zh";
  const mark = (line: Line): string => (isCurrent(line) ? "cell-selected" : "");
  return [
    {
      id: "title", header: t("col_need"), text: needText, flex: 2, minWidth: 150, class: mark,
      cell: (line) => (
        <>
          {line.row.priority === 1 && <span class="todo-urgent"><Icon name="urgent" label={t("urgent")} /></span>}
          {needText(line)}
          {line.row.kind === "project" && <span class="note"> {t("is_project")}</span>}
        </>
      ),
    },
    { id: "category", header: t("filter_category"), text: ({ row }) => (row.category ? categoryName(row.category) : ""), width: isZh ? 104 : 128, class: mark },
    { id: "area", header: t("col_area"), text: ({ row }) => row.area_name ?? t("unplaced"), width: isZh ? 96 : 132, class: mark },
    { id: "unit", header: t("col_unit"), text: ({ given }) => given?.unit_name ?? "—", flex: 2, minWidth: 140, class: mark },
    { id: "places", header: t("col_places"), text: ({ places }) => num(places), value: ({ places }) => places, isNumber: true, width: isZh ? 72 : 82, class: mark },
    { id: "distance", header: t("col_metres"), text: ({ given }) => (given ? distanceText(given) : ""), value: ({ given }) => given?.distance_m ?? -1, isNumber: true, width: isZh ? 88 : 104, class: mark },
    { id: "why", header: t("col_why"), text: reasonText, cell: (line) => <Why line={line} />, flex: 3, minWidth: 220, class: mark },
  ];
}

function Why({ line }: { line: Line }): VNode {
  const { given, row } = line;
  if (!given) {
    return (
      <span class="why-gap">
        {row.reason && <ReasonIcon reason={row.reason} />} {unmatched(line)}
      </span>
    );
  }
  return (
    <span class="why-given" title={reasonText(line)}>
      {isLocked(line) && <Icon name="lock" label={t("locked")} />}
      {isRefused(line) && <b class="refused-mark"><ReasonIcon reason="refused" /> {t("refused_since")}{t("s_comma")}</b>}
      {given.assumed && <WarningIcon warning="assumed" />}
      {given.fit === "broad" && <WarningIcon warning="broad" />}
      {row.warnings.filter((name) => name !== "assumed" && name !== "broad").map((name) => <WarningIcon key={name} warning={name} />)}
      {given.assumed && `${t("why_assumed")}${whyText(given) ? t("s_comma") : ""}`}
      {whyText(given)}
    </span>
  );
}

const AT_ONCE = 60;

/** The same lines as a list, for a phone. */
export function PhoneLines({ lines, onWhy }: { lines: Line[]; onWhy: (line: Line) => void }): JSX.Element {
  const [shown, setShown] = useState(AT_ONCE);
  return (
    <>
      <ul class="touch-list">
        {lines.slice(0, shown).map((line) => (
          <li key={line.key}>
            <button type="button" class="quiet phone-line" onClick={() => onWhy(line)}>
              <span class="phone-line-head">
                <b>
                  {line.row.priority === 1 && <span class="todo-urgent"><Icon name="urgent" label={t("urgent")} /></span>}
                  {needText(line)}
                </b>
                <span class="amount">×{num(line.places)}</span>
              </span>
              <span class="note">
                {line.row.area_name ?? t("unplaced")}
                {line.given && ` → ${line.given.unit_name}`}
                {line.given && line.given.distance_m !== null && t("s_comma") + t(line.given.estimate ? "metres_about" : "metres", { n: Math.round(line.given.distance_m) })}
              </span>
              <span class="note"><Why line={line} /></span>
            </button>
          </li>
        ))}
      </ul>
      {lines.length > shown && <button type="button" onClick={() => setShown(shown + AT_ONCE)}>{t("show_more", { n: lines.length - shown })}</button>}
    </>
  );
}

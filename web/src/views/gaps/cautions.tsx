import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Warning } from "../../api/plans";
import { WarningIcon } from "../../parts/icon";
import { labelOf, wantNames } from "../../state/labels";
import { openPanel } from "../../state/panel";
import { andMore, countOf, list, num, t, WARNINGS, warningName, type PageWord } from "../../words";
import { RecordLink } from "../frame/links";

const MOST = 300;
const TELL: Record<string, PageWord> = {
  fragile: "caution_fragile", low_access: "caution_low_access", assumed: "caution_assumed", broad: "caution_broad", overpromised: "caution_overpromised",
};

/** What served places rest on; each kind opens its list in the panel. */
export function Cautions({ warnings }: { warnings: Warning[] }): JSX.Element | null {
  const kinds = WARNINGS.map((name) => ({ name, items: warnings.filter(({ warning }) => warning === name) })).filter(({ items }) => items.length > 0);
  if (kinds.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("cautions")}</h2>
      <ul>
        {kinds.map(({ name, items }) => (
          <li key={name} class="todo-line">
            <span><WarningIcon warning={name} named /></span>
            <b class="amount">{countText(items)}</b>
            <button type="button" class="quiet" aria-label={`${t("show")} ${warningName(name)}`} onClick={() => openPanel({ key: `caution/${name}`, title: warningName(name), body: () => <Items items={items} kind={name} /> })}>
              {t("show")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const tableOf = (item: Warning): [string, string] =>
  item.need ? ["needs", item.need] : item.project ? ["projects", item.project] : [`${item.kind ?? "unit"}s`, item.id ?? ""];

/** How many of what: records of several tables don't make one number. */
function countText(items: Warning[]): string {
  const counts = new Map<string, number>();
  for (const item of items) {
    const [table] = tableOf(item);
    counts.set(table, (counts.get(table) ?? 0) + 1);
  }
  return list([...counts].map(([table, count]) => countOf(table, count)));
}

function Items({ items, kind }: { items: Warning[]; kind: string }): JSX.Element {
  const shown = items.slice(0, MOST);
  useEffect(() => {
    const ids = (table: string): string[] => shown.map(tableOf).filter(([of]) => of === table).map(([, id]) => id);
    for (const table of ["needs", "projects", "offers", "units"]) {
      const wanted = ids(table);
      if (wanted.length > 0) wantNames(table, wanted);
    }
    wantNames("units", shown.flatMap(({ unit }) => unit ?? []));
  }, [items]);
  return (
    <>
      {TELL[kind] && <p class="note">{t(TELL[kind] ?? "cautions")}</p>}
      <ul class="plain-list">
        {shown.map((item, at) => {
          const [table, id] = tableOf(item);
          return (
            <li key={at}>
              <RecordLink table={table} id={id}>{labelOf(table, id)}</RecordLink>
              <span class="note">
                {item.unit && labelOf("units", item.unit)}
                {item.access !== undefined && item.mean !== undefined && t("caution_access", { access: num(item.access, 2), mean: num(item.mean, 2) })}
                {item.places !== undefined && t("gap_places", { n: item.places })}
              </span>
            </li>
          );
        })}
      </ul>
      {items.length > MOST && <p class="note">{andMore(MOST, items.length)}</p>}
    </>
  );
}

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { SaidList, Saying, UnnamedList } from "../../api/types";
import { columnName, list, t, tableName, TABLES } from "../../words";

interface UnnamedProps {
  lists: UnnamedList[];
  /** The page's title says already that the lists are unknown. */
  isTitle: boolean;
  said: Saying[];
  busy: boolean;
  onSay: (saying: SaidList) => void;
}

/** Lists that were not recognised: which table each is, and what its columns are. Named ones wait folded. */
export function Unnamed({ lists, isTitle, said, busy, onSay }: UnnamedProps): JSX.Element {
  return (
    <>
      {lists.map((unnamed) => {
        const key = `${unnamed.file}/${unnamed.sheet ?? ""}/${unnamed.is_named}`;
        const name = unnamed.sheet ?? unnamed.file;
        const before = saidOf(unnamed, said);
        if (!unnamed.is_named) {
          return (
            <section key={key} class="unnamed card">
              <h2>
                {[unnamed.file, unnamed.sheet].filter(Boolean).join(" · ")} {!isTitle && <span class="note">{t("unnamed_title")}</span>}
              </h2>
              <NameColumns unnamed={unnamed} before={before} busy={busy} onSay={onSay} />
            </section>
          );
        }
        return (
          <details key={key} class="unnamed card folded">
            <summary>{t("unnamed_named", { list: name, table: before ? tableName(before.table) : t("unknown") })}</summary>
            <NameColumns unnamed={unnamed} before={before} busy={busy} onSay={onSay} />
          </details>
        );
      })}
    </>
  );
}

const SAMPLES = 4;

const sameHeaders = (one: string[], other: string[]): boolean => one.join("|").replace(/\|+$/, "") === other.join("|").replace(/\|+$/, "");

/** What was said of a list before. */
const saidOf = (unnamed: UnnamedList, said: Saying[]): SaidList | undefined =>
  said.find((saying): saying is SaidList => saying.kind === "list" && unnamed.rows.some(({ cells }) => sameHeaders(cells, saying.headers)));

interface NameColumnsProps extends Pick<UnnamedProps, "busy" | "onSay"> {
  unnamed: UnnamedList;
  before: SaidList | undefined;
}

function NameColumns({ unnamed, before, busy, onSay }: NameColumnsProps): JSX.Element {
  const [table, setTable] = useState(before?.table ?? unnamed.table ?? "");
  const [headerRow, setHeaderRow] = useState(unnamed.header_row);
  const [named, setNamed] = useState<(string | null)[]>(before?.columns ?? unnamed.choices[table]?.guesses ?? []);
  const choice = unnamed.choices[table];
  const headers = unnamed.rows.find(({ row }) => row === headerRow)?.cells ?? [];
  const samples = unnamed.rows.filter(({ row }) => row > headerRow).slice(0, SAMPLES);
  const missing = choice ? missingColumns(table, choice.columns, named) : [];
  const chooseTable = (next: string): void => {
    setTable(next);
    setNamed(unnamed.choices[next]?.guesses ?? []);
  };
  const nameColumn = (position: number, name: string | null): void =>
    setNamed(headers.map((_header, at) => (at === position ? name : name !== null && named[at] === name ? null : (named[at] ?? null))));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSay({ kind: "list", headers, table, columns: headers.map((_header, at) => named[at] ?? null) });
      }}
    >
      <p class="unnamed-what">
        <label>
          {t("unnamed_is")}
          <select value={table} disabled={busy} onChange={(event) => chooseTable(event.currentTarget.value)}>
            <option value="">{t("unnamed_choose")}</option>
            {TABLES.filter((id) => id in unnamed.choices && id !== "aliases").map((id) => <option key={id} value={id}>{tableName(id)}</option>)}
          </select>
        </label>
        <label>
          {t("unnamed_header_row")}
          <select value={headerRow} disabled={busy} onChange={(event) => setHeaderRow(Number(event.currentTarget.value))}>
            {unnamed.rows.slice(0, -1).map(({ row }) => <option key={row} value={row}>{row}</option>)}
          </select>
        </label>
      </p>
      <table class="unnamed-columns">
        <thead>
          <tr>
            <th scope="col">{t("unnamed_header")}</th>
            <th scope="col">{t("unnamed_cells")}</th>
            <th scope="col">{t("unnamed_column")}</th>
          </tr>
        </thead>
        <tbody>
          {headers.map((header, position) => {
            const cells = samples.map(({ cells: row }) => row[position]).filter(Boolean);
            if (header === "" && cells.length === 0) return null;
            return (
              <tr key={position}>
                <th scope="row">{header}</th>
                <td class="note">{cells.join(" · ")}</td>
                <td>
                  <select
                    aria-label={t("unnamed_which", { header: header || String(position + 1) })}
                    value={named[position] ?? ""}
                    disabled={busy || !choice}
                    onChange={(event) => nameColumn(position, event.currentTarget.value || null)}
                  >
                    <option value="">{t("unnamed_note")}</option>
                    {Object.entries(choice?.columns ?? {}).map(([name, isRequired]) => (
                      <option key={name} value={name}>{isRequired ? t("unnamed_required", { column: columnName(name) }) : columnName(name)}</option>
                    ))}
                  </select>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="actions">
        <button type="submit" class="primary" disabled={busy || !choice || missing.length > 0}>{t("unnamed_read")}</button>
        <span class="note" role="status">{missing.length > 0 ? t("unnamed_missing", { columns: list(missing.map(columnName)) }) : t("unnamed_kept")}</span>
      </p>
    </form>
  );
}

/** Required columns that nobody has named; a heading (大类) stands in for a category. */
function missingColumns(table: string, columns: Record<string, boolean>, named: (string | null)[]): string[] {
  const hasHeading = (table === "needs" || table === "offers") && named.includes("list_category");
  return Object.keys(columns).filter((name) => columns[name] && !named.includes(name) && !(name === "category" && hasHeading));
}

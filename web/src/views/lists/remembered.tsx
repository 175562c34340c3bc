import type { JSX } from "preact";
import { deleteRecord, getRecords } from "../../api/calls";
import type { Fields } from "../../api/types";
import { Failed } from "../../parts/states";
import { store, version } from "../../state/data";
import { complain } from "../../state/notices";
import { resource } from "../../state/resource";
import { noteSaved } from "../../state/undo";
import { categoryName, t, tableName } from "../../words";

interface Kept {
  table: "aliases" | "categories";
  id: string;
  written: string;
  meaning: string;
}

const remembered = resource(() => {
  version.value;
  return store.data.value ? readRemembered : null;
});

async function readRemembered(): Promise<Kept[]> {
  const [aliases, rules] = await Promise.all([getRecords("aliases", { limit: 500 }), getRecords("categories", { limit: 500 })]);
  return [...aliases.items.map(keptAlias), ...rules.items.map(keptRule)];
}

const textOf = (record: Fields, name: string): string => String(record[name] ?? "");

/** A list known by its headers is shown by them; the store keeps both sides with | between the columns. */
function keptAlias(record: Fields): Kept {
  const [kind, written, meaning] = [textOf(record, "kind"), textOf(record, "written"), textOf(record, "meaning")];
  const shown = { table: "aliases", id: textOf(record, "id") } as const;
  if (kind === "list") {
    const headers = written.split("|").filter(Boolean).join("、");
    return { ...shown, written: t("remembered_list", { headers }), meaning: tableName(meaning.split("|")[0] ?? "") };
  }
  return { ...shown, written, meaning: kind === "category" ? categoryName(meaning) : meaning };
}

const keptRule = (record: Fields): Kept => ({
  table: "categories",
  id: textOf(record, "id"),
  written: textOf(record, "list_category"),
  meaning: categoryName(textOf(record, "category")),
});

/** What was said once and for all, each with a way to forget it; undo brings it back. */
export function Remembered(): JSX.Element {
  const items = remembered.data.value ?? [];
  const forget = async ({ table, id }: Kept): Promise<void> => {
    try {
      noteSaved(await deleteRecord(table, id));
    } catch (cause) {
      complain(cause);
    }
  };
  return (
    <section class="card">
      <h2>{t("lists_remembered")}</h2>
      {remembered.error.value !== null && <Failed error={remembered.error.value} onRetry={remembered.reload} />}
      {items.length === 0 ? (
        <p class="note">{t("remembered_none")}</p>
      ) : (
        <ul class="remembered">
          {items.map((item) => (
            <li key={`${item.table}/${item.id}`}>
              <span>{t("said_line", { written: item.written, meaning: item.meaning })}</span>
              <button type="button" class="quiet" aria-label={t("remembered_drop", { written: item.written })} onClick={() => void forget(item)}>{t("forget")}</button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

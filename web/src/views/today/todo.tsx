import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { getRecords } from "../../api/calls";
import type { Fields, Named, Todo } from "../../api/types";
import { Icon } from "../../parts/icon";
import { Failed, Loading } from "../../parts/states";
import { names } from "../../state/data";
import { openPanel } from "../../state/panel";
import { num, t, type PageWord } from "../../words";
import { RecordLink } from "../frame/links";

interface Item {
  table: string;
  id: string;
  name: string;
  beside?: string;
}

/** What waits for somebody; each line opens its list in the panel. */
export function TodoList({ todo }: { todo: Todo }): JSX.Element {
  const named = (table: string, list: Named[]): Item[] =>
    list.map((entry) =>
      typeof entry === "string" ? { table, id: entry, name: names.value.get(entry) ?? entry } : { table, ...entry },
    );
  const lines: { word: PageWord; items: Item[]; urgent?: boolean }[] = [
    {
      word: "todo_urgent",
      urgent: true,
      items: todo.urgent_unserved.map(({ need, title, area }) => ({
        table: "needs", id: need, name: title || need, beside: area === null ? t("unplaced") : (names.value.get(area) ?? area),
      })),
    },
    { word: "todo_silent", items: named("units", todo.silent_units) },
    { word: "todo_unpaired", items: named("areas", todo.unpaired_areas) },
    {
      word: "todo_idle",
      items: todo.idle_offers.map(({ offer, title, unit_name }) => ({ table: "offers", id: offer, name: title || offer, beside: unit_name })),
    },
    { word: "todo_uncovered", items: named("units", todo.uncovered_units) },
  ];
  const shown = lines.filter(({ items }) => items.length > 0);
  const isEmpty = shown.length === 0 && todo.proposed_claims === 0 && todo.promises_ending === 0;
  return (
    <section class="todo" aria-label={t("todo")}>
      <h2>{t("todo")}</h2>
      {isEmpty && <p class="note">{t("todo_nothing")}</p>}
      <ul>
        {shown.map(({ word, items, urgent }) => (
          <TodoLine
            key={word}
            word={word}
            count={items.length}
            urgent={urgent ?? false}
            onOpen={() => openPanel({ key: `todo/${word}`, title: t(word), body: () => <Items items={items} /> })}
          />
        ))}
        {todo.proposed_claims > 0 && (
          <TodoLine
            word="todo_claims"
            count={todo.proposed_claims}
            onOpen={() => openPanel({ key: "todo/claims", title: t("todo_claims"), body: ProposedClaims })}
          />
        )}
        {todo.promises_ending > 0 && <TodoLine word="todo_promises" count={todo.promises_ending} />}
      </ul>
    </section>
  );
}

function TodoLine(props: { word: PageWord; count: number; urgent?: boolean; onOpen?: () => void }): JSX.Element {
  return (
    <li class={props.urgent ? "todo-line todo-urgent" : "todo-line"}>
      <span>
        {props.urgent && <Icon name="urgent" />}
        {t(props.word)}
      </span>
      <b class="amount">{num(props.count)}</b>
      {props.onOpen && (
        <button type="button" class="quiet" aria-label={`${t("show")} ${t(props.word)}`} onClick={props.onOpen}>
          {t("show")}
        </button>
      )}
    </li>
  );
}

function Items({ items }: { items: Item[] }): JSX.Element {
  return (
    <ul class="plain-list">
      {items.map((item) => (
        <li key={`${item.table}/${item.id}`}>
          <RecordLink table={item.table} id={item.id}>{item.name}</RecordLink>
          {item.beside && <span class="note">{item.beside}</span>}
        </li>
      ))}
    </ul>
  );
}

function ProposedClaims(): JSX.Element {
  const [claims, setClaims] = useState<Fields[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const look = (): void => {
    setError(null);
    getRecords("claims", { status: "proposed" }).then((page) => setClaims(page.items), setError);
  };
  useEffect(look, []);
  if (error) return <Failed error={error} onRetry={look} />;
  if (!claims) return <Loading />;
  const text = (value: Fields[string] | undefined): string => (value === null || value === undefined ? "" : (names.value.get(String(value)) ?? String(value)));
  return (
    <Items
      items={claims.map((claim) => ({ table: "claims", id: text(claim["id"]), name: text(claim["target"]), beside: text(claim["by"]) }))}
    />
  );
}

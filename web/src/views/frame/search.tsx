import { signal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { search } from "../../api/calls";
import type { Found } from "../../api/types";
import { Icon } from "../../parts/icon";
import { useKeys } from "../../keys";
import { names } from "../../state/data";
import { complain } from "../../state/notices";
import { RECORD_TABLES } from "../../state/url";
import { isPhone } from "../../state/prefs";
import { open } from "../../state/where";
import { tableName, t } from "../../words";

const WAIT_MS = 180;

// What is typed may hold a name: it goes to the server in a request's body and into no address or storage.
const text = signal("");
const found = signal<Found[] | null>(null);
const marked = signal(0);

/** Finds records by what is typed; `/` comes here, arrows choose, Enter opens. */
export function Search(): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const asked = text.value.trim();
  useKeys({
    "/": () => field.current?.focus(),
  });
  // Before anything is painted: Enter right after a letter must not open what an earlier text had found.
  useLayoutEffect(() => {
    found.value = null;
    if (asked === "") return;
    const timer = setTimeout(() => {
      search(asked).then(
        (items) => {
          if (text.value.trim() !== asked) return;
          found.value = items;
          marked.value = 0;
        },
        complain,
      );
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [asked]);

  const items = found.value;
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        role="combobox"
        list={undefined}
        autocomplete="off"
        aria-label={t("search")}
        placeholder={t(isPhone.value ? "search" : "search_hint")}
        aria-expanded={items !== null}
        aria-controls="found"
        aria-activedescendant={items?.length ? `found-${marked.value}` : undefined}
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
        onKeyDown={(event) => onKey(event, items)}
        onBlur={() => setTimeout(() => (found.value = null), 150)}
      />
      <kbd aria-hidden="true">/</kbd>
      {items && (
        <ul class="found" id="found" role="listbox" aria-label={t("search")}>
          {items.length === 0 && <li class="found-none">{t("search_none")}</li>}
          {items.map((item, index) => (
            <li
              key={`${item.table}/${item.id}`}
              id={`found-${index}`}
              role="option"
              aria-selected={index === marked.value}
              onPointerDown={(event) => {
                event.preventDefault();
                choose(item);
              }}
            >
              <span>{item.name}</span>
              <span class="note">
                {tableName(item.table)}
                {item.area && ` ${names.value.get(item.area) ?? item.area}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function onKey(event: TargetedKeyboardEvent<HTMLInputElement>, items: Found[] | null): void {
  if (event.isComposing) return;
  if (event.key === "Escape") {
    text.value = "";
    event.currentTarget.blur();
  } else if (!items?.length) {
    return;
  } else if (event.key === "ArrowDown") marked.value = Math.min(marked.value + 1, items.length - 1);
  else if (event.key === "ArrowUp") marked.value = Math.max(marked.value - 1, 0);
  else if (event.key === "Enter") {
    const item = items[marked.value];
    if (item) choose(item);
    event.currentTarget.blur();
  } else return;
  event.preventDefault();
}

function choose(item: Found): void {
  text.value = "";
  found.value = null;
  if ((RECORD_TABLES as readonly string[]).includes(item.table)) {
    open("record", { table: item.table, id: item.id });
  } else if (item.table === "areas") {
    open("today", { area: item.id });
  } else {
    open("today", { area: item.area, sel: `${item.table.replace(/s$/, "")}:${item.id}` });
  }
}

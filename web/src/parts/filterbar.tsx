import type { JSX } from "preact";
import { areaChoices, categoryChoices, names, reasons, summary } from "../state/data";
import { isPhone } from "../state/prefs";
import { dropFilters, go, isFiltered, where } from "../state/where";
import { categoryName, num, reasonName, REASONS, t, valueName, type PageWord } from "../words";
import { DropChip } from "./chip";
import { OldMark } from "./states";

type Key = "area" | "cat" | "reason" | "priority";

interface Choice {
  value: string;
  name: string;
}

/** The filters that every page shares: four choices, and what is set, each to be taken off. */
export function FilterBar(): JSX.Element {
  const { area, part, unit } = where.value;
  const areas = areaChoices.value.map(({ id, name }) => ({ value: id, name }));
  if (area !== null && !areas.some(({ value }) => value === area)) areas.unshift({ value: area, name: names.value.get(area) ?? area });
  const set = countSet();
  const picks = (
    <>
      <Pick of="area" label="filter_area" all="filter_all_areas" choices={areas} />
      <Pick of="cat" label="filter_category" all="filter_all_categories" choices={categoryChoices.value.map((id) => ({ value: id, name: categoryName(id) }))} />
      <Pick of="reason" label="filter_reason" all="filter_all_reasons" choices={reasonChoices()} />
      <Pick of="priority" label="filter_priority" all="filter_all_priorities" choices={["1", "2", "3", "4", "5"].map((value) => ({ value, name: valueName("priority", value) }))} />
    </>
  );
  return (
    <section class="filterbar" aria-label={t("filter")}>
      {isPhone.value ? (
        <details class="filter-fold">
          <summary>{set > 0 ? t("filters_set", { n: set }) : t("filter")}</summary>
          <div>{picks}</div>
        </details>
      ) : (
        picks
      )}
      {part !== null && <DropChip name={t(part === "served" ? "filter_part_served" : "filter_part_unserved")} onDrop={() => go({ part: null })} />}
      {unit !== null && <DropChip name={names.value.get(unit) ?? unit} onDrop={() => go({ unit: null })} />}
      {isFiltered.value && <button type="button" class="quiet" onClick={dropFilters}>{t("filter_drop_all")}</button>}
      <OldMark old={summary.old.value && summary.data.value !== null} />
    </section>
  );
}

function countSet(): number {
  const { area, cat, reason, priority } = where.value;
  return [area, cat, reason, priority].filter((value) => value !== null).length;
}

function reasonChoices(): Choice[] {
  const places = new Map(reasons.value.map(({ reason, places }) => [reason, places]));
  return REASONS.filter((reason) => places.has(reason) || where.value.reason === reason).map((reason) => ({
    value: reason,
    name: `${reasonName(reason)} ${num(places.get(reason) ?? 0)}`,
  }));
}

function Pick(props: { of: Key; label: PageWord; all: PageWord; choices: Choice[] }): JSX.Element {
  const value = where.value[props.of];
  return (
    <select
      class={value === null ? "pick" : "pick pick-set"}
      aria-label={t(props.label)}
      value={value ?? ""}
      onChange={(event) => go({ [props.of]: event.currentTarget.value || null })}
    >
      <option value="">{t(props.all)}</option>
      {props.choices.map((choice) => (
        <option key={choice.value} value={choice.value}>{choice.name}</option>
      ))}
    </select>
  );
}

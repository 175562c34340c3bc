import { computed, signal } from "@preact/signals";
import { getBeside } from "../../api/plans";
import { getMeasure, getPicture, getProposal, getWhole } from "../../api/network";
import { holdsLists, round, version } from "../../state/data";
import { resource } from "../../state/resource";
import { where } from "../../state/where";
import { BESIDE, COLOURS, INTO, MEASURES, TIES, WHOLE, type Beside, type Colour, type Measure, type TieKind } from "./shapes";

const isShown = computed(() => where.value.page === "network");

/** What the address asks for, or the first of each list. */
export const ties = computed<TieKind>(() => TIES.find((kind) => kind === where.value.ties) ?? "pairings");
export const colour = computed<Colour>(() => COLOURS.find((name) => name === where.value.colour) ?? "community");
export const measure = computed<Measure>(() => MEASURES.find((name) => name === where.value.measure) ?? "degree");

/** Of groups to be proposed: how many, and which of today's they stand beside. */
export const into = computed<string>(() => INTO.find((count) => count === where.value.into) ?? "4");
export const beside = computed<Beside>(() => BESIDE.find((name) => name === where.value.beside) ?? "alliance");

export const picture = resource(() => {
  version.value;
  const [kind, day] = [ties.value, where.value.day];
  return isShown.value && holdsLists.value ? () => getPicture(kind, day) : null;
});

export const measured = resource(() => {
  version.value;
  const [name, kind, day] = [measure.value, ties.value, where.value.day];
  return isShown.value && holdsLists.value ? () => getMeasure(name, kind, day).then((values) => ({ name, kind, values })) : null;
});

const hasParty = computed(() => isShown.value && where.value.sel !== null);

/** How many parts break off with each party; asked for once somebody is selected. */
export const breaking = resource(() => {
  version.value;
  const [kind, day] = [ties.value, where.value.day];
  return hasParty.value ? () => getMeasure("articulation", kind, day) : null;
});

/** The circle of each party, and how far it is found again. */
export const circles = resource(() => {
  version.value;
  const [kind, day] = [ties.value, where.value.day];
  return hasParty.value ? () => getMeasure("community", kind, day) : null;
});

/** Places of the round that nobody else could serve, by unit. */
export const leaving = resource(() => {
  version.value;
  const shown = round.value;
  return hasParty.value && shown !== null ? () => getBeside(shown) : null;
});

/** Groups proposed, once the picture is to show them; nothing of it is stored. */
export const proposal = resource(() => {
  version.value;
  const [count, body, today, day] = [into.value, where.value.body, beside.value, where.value.day];
  const isAsked = isShown.value && holdsLists.value && colour.value === "group";
  return isAsked ? () => getProposal(count, body, today, day) : null;
});

/** Whether the panel of the whole is wanted: its measures are asked for together. */
export const wantsWhole = signal(false);

export const whole = resource(() => {
  version.value;
  const [kind, day] = [ties.value, where.value.day];
  return isShown.value && wantsWhole.value ? () => Promise.all(WHOLE.map(([name, by]) => getWhole(name, kind, by, day))) : null;
});

import { computed, signal } from "@preact/signals";
import { getBeside } from "../../api/beside";
import { getMeasure, getPicture, getProposal, getWhole } from "../../api/network";
import { holdsLists, round, version } from "../../state/data";
import { resource } from "../../state/resource";
import { where } from "../../state/where";
import { BESIDE, coloursOf, fits, INTO, measuresOf, TIES, WHOLE, type Beside, type Colour, type Measure, type TieKind } from "./shapes";

const isShown = computed(() => where.value.page === "network");

/** What the address asks for, or the first of each list of what the network has. */
export const ties = computed<TieKind>(() => TIES.find((kind) => kind === where.value.ties) ?? "pairings");
export const colour = computed<Colour>(() => coloursOf(ties.value).find((name) => name === where.value.colour) ?? coloursOf(ties.value)[0] ?? "kind");
export const measure = computed<Measure>(() => measuresOf(ties.value).find((name) => name === where.value.measure) ?? "degree");

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
  return hasParty.value && fits("articulation", kind) ? () => getMeasure("articulation", kind, day) : null;
});

/** The circle of each party, and how far it is found again. */
export const circles = resource(() => {
  version.value;
  const [kind, day] = [ties.value, where.value.day];
  return hasParty.value && fits("community", kind) ? () => getMeasure("community", kind, day) : null;
});

/** Places of the round that nobody else could serve, by unit. */
export const leaving = resource(() => {
  version.value;
  const shown = round.value;
  return hasParty.value && shown !== null ? () => getBeside(shown, "if_one_leaves") : null;
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

/** Measures of the whole that say something of the network shown. */
export const asksOfWhole = computed(() => WHOLE.filter(([name]) => fits(name, ties.value)));

export const whole = resource(() => {
  version.value;
  const [kind, day, asked] = [ties.value, where.value.day, asksOfWhole.value];
  return isShown.value && wantsWhole.value ? () => Promise.all(asked.map(([name, by]) => getWhole(name, kind, by, day))).then((answers) => ({ kind, asked, answers })) : null;
});

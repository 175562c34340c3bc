import type { FunctionComponent } from "preact";
import type { PageName } from "../state/url";
import type { PageWord } from "../words";

export interface PageEntry {
  name: PageName;
  /** The menu's word; a page without one is reached from others only. */
  word: PageWord | null;
  /** The letter after `g`. */
  key: string | null;
  icon: string;
  /** Whether the shared filter bar stands above it. */
  filtered: boolean;
  load: () => Promise<FunctionComponent>;
}

/** Every page that works, in the menu's order. */
export const PAGES: PageEntry[] = [
  { name: "today", word: "page_today", key: "t", icon: "today", filtered: true, load: async () => (await import("./today/today")).Today },
  { name: "map", word: "page_map", key: "m", icon: "map", filtered: true, load: async () => (await import("./map/map")).MapPage },
  { name: "round", word: "page_round", key: "r", icon: "round", filtered: true, load: async () => (await import("./round/round")).RoundView },
  { name: "gaps", word: "page_gaps", key: "g", icon: "gaps", filtered: true, load: async () => (await import("./gaps/gaps")).GapsPage },
  { name: "network", word: "page_network", key: "n", icon: "network", filtered: false, load: async () => (await import("./network/network")).NetworkPage },
  { name: "lists", word: "page_lists", key: "l", icon: "lists", filtered: false, load: async () => (await import("./lists/lists")).Lists },
  { name: "record", word: null, key: null, icon: "file", filtered: false, load: async () => (await import("./record/record")).RecordPage },
  { name: "print", word: null, key: null, icon: "print", filtered: false, load: async () => (await import("./print/print")).PrintPage },
];

export const findPage = (name: PageName): PageEntry | undefined => PAGES.find((page) => page.name === name);
export const menuPages = (): PageEntry[] => PAGES.filter((page) => page.word !== null);

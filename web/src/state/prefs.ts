import { computed, effect, signal } from "@preact/signals";
import { lang, t, type Lang } from "../words";
import { kept } from "./keep";
import { go, where } from "./where";

export const THEMES = ["auto", "light", "dark", "high"] as const;
export type Theme = (typeof THEMES)[number];

const isTheme = (value: unknown): value is Theme => THEMES.includes(value as Theme);
const isLang = (value: unknown): value is Lang => value === "zh" || value === "en";
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

export const theme = kept<Theme>("theme", "auto", isTheme);
export const keysOn = kept("keys", true, isBoolean);
const langBefore = kept<Lang>("lang", "zh", isLang);

const asked = (media: string): { value: boolean } => {
  const list = matchMedia(media);
  const state = signal(list.matches);
  list.addEventListener("change", () => (state.value = list.matches));
  return state;
};
const prefersDark = asked("(prefers-color-scheme: dark)");
const prefersContrast = asked("(prefers-contrast: more)");
const narrow = asked("(max-width: 640px)");

/** Whether the page is laid out for paper, where nothing scrolls. */
export const isOnPaper = asked("print");

/** The theme that is drawn, `auto` resolved. */
export const drawnTheme = computed<Exclude<Theme, "auto">>(() => {
  if (theme.value !== "auto") return theme.value;
  return prefersContrast.value ? "high" : prefersDark.value ? "dark" : "light";
});

/** Whether the page is a phone's: lists in place of grids. */
export const isPhone = computed(() => narrow.value);

export function setLang(next: Lang): void {
  langBefore.value = next;
  go({ lang: next === "zh" ? null : next }, "replace");
}

/** Keeps the document's language, title and theme in step. */
export function followPrefs(): void {
  if (where.value.lang === null && langBefore.value === "en") go({ lang: "en" }, "replace");
  effect(() => {
    lang.value = where.value.lang === "en" ? "en" : "zh";
    document.documentElement.lang = lang.value === "zh" ? "zh-CN" : "en";
    document.title = t("app_name");
  });
  effect(() => {
    document.documentElement.dataset["theme"] = drawnTheme.value;
  });
}

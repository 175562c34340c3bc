import type { JSX } from "preact";
import { isWorking, job, cancel } from "../../state/jobs";
import { hasAny } from "../../state/drafts";
import { store } from "../../state/data";
import { setLang, theme, THEMES, type Theme } from "../../state/prefs";
import { togglePanel } from "../../state/panel";
import { isKeeping } from "../../state/trial";
import { redo, saved, undo } from "../../state/undo";
import { addressOf, open, where } from "../../state/where";
import { Icon } from "../../parts/icon";
import { lang, t, type PageWord } from "../../words";
import { menuPages } from "../pages";
import { reopenDrafts } from "../change/panel";
import { copied } from "./copied";
import { helpPanel } from "./help";
import { Search } from "./search";

const THEME_WORD: Record<Theme, PageWord> = { auto: "theme_auto", light: "theme_light", dark: "theme_dark", high: "theme_high" };

export function Header(): JSX.Element {
  const state = store.data.value;
  return (
    <header class="header">
      <a class="skip" href="#main">{t("skip")}</a>
      <span class="brand">{t("app_name")}</span>
      {state && <span class="store-name" title={state.store}>{state.store}</span>}
      <Menu />
      <Search />
      {state?.synthetic && <span class="synthetic">{t("synthetic_mark")}</span>}
      <Work />
      <SavedState />
      <Switches />
    </header>
  );
}

/** A link that a plain click follows inside the page, and every other way as a link. */
export function PageLink(props: { page: Parameters<typeof open>[0]; children: JSX.Element | string | (JSX.Element | string)[]; class?: string }): JSX.Element {
  const current = where.value.page === props.page;
  return (
    <a
      class={props.class}
      href={addressOf(props.page)}
      aria-current={current ? "page" : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        open(props.page);
      }}
    >
      {props.children}
    </a>
  );
}

function Menu(): JSX.Element {
  return (
    <nav class="menu" aria-label={t("pages")}>
      {menuPages().map((page) => page.word && <PageLink key={page.name} page={page.name}>{t(page.word)}</PageLink>)}
    </nav>
  );
}

/** The long job: what it does, how far it is, and how to stop it. */
function Work(): JSX.Element | null {
  const running = job.value;
  if (!running) return null;
  if (!isWorking.value) {
    if (running.status === "cancelled") return <span class="work" role="status">{t("cancelled")}</span>;
    return null;
  }
  const { done, total, step } = running;
  return (
    <span class="work" role="status">
      {total > 0 && <progress value={done} max={total} aria-label={step} />}
      <span title={step}>{total > 0 ? t("working", { done, total }) : t("working_on")}</span>
      <button type="button" class="quiet" onClick={() => void cancel()}>{t("cancel")}</button>
    </span>
  );
}

function SavedState(): JSX.Element | null {
  if (copied.value !== null) return <span class="saved" role="status">{t("copied_rows", { n: copied.value })}</span>;
  if (isKeeping.value) return <span class="saved" role="status">{t("working_on")}</span>;
  if (hasAny.value) {
    return (
      <span class="saved saved-not" role="status">
        <button type="button" class="quiet" onClick={reopenDrafts}>{t("not_saved_yet")}</button>
      </span>
    );
  }
  const last = saved.value;
  if (!last) return null;
  return last.undoneBy === null ? (
    <span class="saved" role="status">
      {t("saved")}
      <span class="dot" aria-hidden="true">·</span>
      <button type="button" class="quiet" onClick={() => void undo()}>{t("undo")}</button>
    </span>
  ) : (
    <span class="saved" role="status">
      {t("undone")}
      <span class="dot" aria-hidden="true">·</span>
      <button type="button" class="quiet" onClick={() => void redo()}>{t("redo")}</button>
    </span>
  );
}

function Switches(): JSX.Element {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "auto";
  const themeName = `${t("theme")} ${t(THEME_WORD[theme.value])}`;
  return (
    <span class="switches">
      <span class="langs" role="group" aria-label={t("language_name")}>
        <button type="button" class="quiet" lang="zh-CN" aria-pressed={lang.value === "zh"} onClick={() => setLang("zh")}>中</button>
        <button type="button" class="quiet" lang="en" aria-pressed={lang.value === "en"} onClick={() => setLang("en")}>EN</button>
      </span>
      <button type="button" class="quiet" aria-label={themeName} title={themeName} onClick={() => (theme.value = next)}>
        <Icon name="theme" />
      </button>
      <button type="button" class="quiet" aria-label={t("help")} title={t("help")} onClick={() => togglePanel(helpPanel())}>
        <Icon name="help" />
      </button>
    </span>
  );
}

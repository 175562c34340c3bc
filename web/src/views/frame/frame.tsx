import type { FunctionComponent, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { offline } from "../../api/client";
import { useKeys, type Bindings } from "../../keys";
import { FilterBar } from "../../parts/filterbar";
import { Icon } from "../../parts/icon";
import { Panel } from "../../parts/panel";
import { actionName, changesText, momentText } from "../../parts/revisions";
import { Empty, Failed, Loading } from "../../parts/states";
import { holdsLists, round, store } from "../../state/data";
import { tableWanted } from "../../state/focus";
import { recompute } from "../../state/jobs";
import { notice } from "../../state/notices";
import { closePanel, togglePanel } from "../../state/panel";
import { asked, redo, takeBack, undo } from "../../state/undo";
import { open, where } from "../../state/where";
import { t } from "../../words";
import { resumeChange } from "../change/panel";
import { followDrops, isDragging } from "../lists/intake";
import { findPage, menuPages, type PageEntry } from "../pages";
import { resumeWhy } from "../round/resume";
import { Header, PageLink } from "./header";
import { helpPanel } from "./help";

export function Frame(): JSX.Element {
  useLayoutEffect(followDrops, []);
  useEffect(resumeChange, []);
  useEffect(resumeWhy, []);
  useKeys(pageKeys());
  const page = findPage(where.value.page);
  if (page?.name === "print") return <Page entry={page} />;
  return (
    <>
      <Header />
      {offline.value && <OfflineBar />}
      {notice.value && <NoticeBar />}
      {asked.value && <UndoBar />}
      {page?.filtered && round.value !== null && holdsLists.value && <FilterBar />}
      <div class="stage">
        <main id="main" tabIndex={-1}>{page ? <Page entry={page} /> : <NotHere />}</main>
        <Panel />
      </div>
      <PhoneMenu />
      {isDragging.value && <div class="drop-veil">{t("drop_here")}</div>}
    </>
  );
}

function pageKeys(): Bindings {
  const keys: Bindings = {
    "?": () => togglePanel(helpPanel()),
    r: () => void recompute(),
    "ctrl+z": () => void undo(),
    "ctrl+shift+z": () => void redo(),
    Escape: () => {
      if (asked.value) asked.value = null;
      else closePanel();
    },
  };
  for (const page of menuPages()) {
    if (!page.key) continue;
    keys[`g ${page.key}`] = () => {
      open(page.name);
      tableWanted.value = true;
    };
  }
  return keys;
}

/** Shows a page; its code is fetched when it is first needed. */
function Page({ entry }: { entry: PageEntry }): JSX.Element {
  const [view, setView] = useState<{ name: string; body: FunctionComponent } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const fetchView = (): void => {
    setError(null);
    entry.load().then((body) => setView({ name: entry.name, body }), setError);
  };
  useEffect(fetchView, [entry.name]);
  if (error) return <Failed error={error} onRetry={() => location.reload()} />;
  if (view?.name !== entry.name) return <Loading />;
  if (!store.data.value) return store.error.value ? <Failed error={store.error.value} onRetry={store.reload} /> : <Loading />;
  const Body = view.body;
  return <Body />;
}

function NotHere(): JSX.Element {
  return (
    <Empty text={t("not_here")}>
      <p class="not-here">{menuPages().map((page) => page.word && <PageLink key={page.name} page={page.name}>{t(page.word)}</PageLink>)}</p>
    </Empty>
  );
}

function OfflineBar(): JSX.Element {
  return (
    <div class="bar bar-warn" role="status">
      <Icon name="warning" />
      <span>{t("offline")}</span>
      <span class="note">{t("offline_remedy")}</span>
      <button type="button" class="quiet" onClick={store.reload}>{t("retry")}</button>
    </div>
  );
}

function NoticeBar(): JSX.Element | null {
  const shown = notice.value;
  if (!shown) return null;
  return (
    <div class="bar bar-danger" role="alert">
      <Icon name="error" />
      <span>{shown.text}</span>
      {shown.remedy && <span class="note">{shown.remedy}</span>}
      <button type="button" class="quiet" onClick={() => (notice.value = null)}>{t("close")}</button>
    </div>
  );
}

/** Says what undoing would take, before it does. */
function UndoBar(): JSX.Element | null {
  const no = useRef<HTMLButtonElement>(null);
  const about = asked.value;
  useLayoutEffect(() => no.current?.focus(), [about?.revision]);
  if (!about) return null;
  const isBack = about.undoes !== null;
  const what = `${actionName(about.action)} ${changesText(about.changes)}`;
  return (
    <div class="bar bar-warn undo-bar" role="alertdialog" aria-label={t("undo")}>
      <Icon name="warning" />
      <span>{t(isBack ? "undo_bring" : "undo_ask", { what })}</span>
      <span class="note">{t("revision", { n: about.revision })} {momentText(about.at)}</span>
      <button type="button" onClick={() => void takeBack(about.revision)}>{t(isBack ? "redo" : "undo")}</button>
      <button type="button" ref={no} onClick={() => (asked.value = null)}>{t("undo_not")}</button>
    </div>
  );
}

/** The phone's menu, at the thumb; the first pages, the rest under 更多. */
function PhoneMenu(): JSX.Element {
  const pages = menuPages();
  const first = pages.length > 4 ? pages.slice(0, 3) : pages;
  const rest = pages.slice(first.length);
  return (
    <nav class="phone-menu" aria-label={t("pages")}>
      {first.map((page) => <PhoneLink key={page.name} page={page} />)}
      {rest.length > 0 && (
        <details class="phone-more" key={where.value.page}>
          <summary>
            <Icon name="next" />
            {t("more")}
          </summary>
          <div>{rest.map((page) => <PhoneLink key={page.name} page={page} />)}</div>
        </details>
      )}
    </nav>
  );
}

function PhoneLink({ page }: { page: PageEntry }): JSX.Element {
  return (
    <PageLink page={page.name}>
      <Icon name={page.icon} />
      <span>{page.word ? t(page.word) : page.name}</span>
    </PageLink>
  );
}

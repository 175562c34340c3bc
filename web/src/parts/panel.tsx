import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { closePanel, panel } from "../state/panel";
import { t } from "../words";
import { Icon } from "./icon";

/** The one panel at the right (on a phone: over the page). `Esc` closes it. */
export function Panel(): JSX.Element | null {
  const content = panel.value;
  const box = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    // A form that took the focus to its first field keeps it.
    if (content && !content.isBeside && !box.current?.contains(document.activeElement)) heading.current?.focus();
  }, [content?.key]);
  if (!content) return null;
  const Body = content.body;
  return (
    <aside class="panel" ref={box} key={content.key} aria-label={content.title}>
      <div class="panel-head">
        <h2 tabIndex={-1} ref={heading}>{content.title}</h2>
        <button type="button" class="quiet" aria-label={t("close")} title={t("close")} onClick={closePanel}>
          <Icon name="close" />
        </button>
      </div>
      <div class="panel-body">
        <Body />
      </div>
    </aside>
  );
}

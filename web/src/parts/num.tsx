import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t, type PageWord } from "../words";

export type NumberKind = "exact" | "bound" | "estimate" | "assumed" | "heuristic" | "count";

/** Where a number comes from: shown on hover, focus and tap. */
export interface Provenance {
  counts: string;
  kind: NumberKind;
  formula?: string;
  source?: string;
}

const KIND_WORD: Record<NumberKind, PageWord> = {
  exact: "kind_exact",
  bound: "kind_bound",
  estimate: "kind_estimate",
  assumed: "kind_assumed",
  heuristic: "kind_heuristic",
  count: "kind_count",
};

interface NumProps extends Provenance {
  children: ComponentChildren;
  /** What choosing the number does; without it the number only explains itself. */
  onChoose?: (() => void) | undefined;
  pressed?: boolean | undefined;
  class?: string | undefined;
  /** Punctuation that must not begin a line. */
  after?: string | undefined;
}

const WAIT_MS = 250;

/** A number that says what it counts. A filter if it has something to do, else a plain button that explains. */
export function Num(props: NumProps): JSX.Element {
  const [shown, setShown] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();

  const show = (): void => setShown(true);
  const hide = (): void => {
    clearTimeout(timer.current);
    setShown(false);
  };
  useEffect(() => hide, []);
  useLayoutEffect(() => {
    if (!shown) return;
    const close = (event: KeyboardEvent): void => {
      if (event.key === "Escape") hide();
    };
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [shown]);
  useLayoutEffect(() => {
    if (shown && box.current) keepInside(box.current);
  }, [shown]);

  // A space at the end of the box would be lost: it stands behind it.
  return (
    <>
      <span
        class="num-holder"
        onPointerEnter={(event) => {
          if (event.pointerType === "mouse") timer.current = setTimeout(show, WAIT_MS);
        }}
        onPointerLeave={hide}
      >
        <button
          type="button"
          class={`num ${props.class ?? ""}`}
          aria-describedby={shown ? id : undefined}
          aria-pressed={props.onChoose ? (props.pressed ?? false) : undefined}
          onFocus={(event) => event.currentTarget.matches(":focus-visible") && show()}
          onBlur={hide}
          onClick={() => (props.onChoose ? props.onChoose() : setShown(!shown))}
        >
          {props.children}
        </button>
        {props.after?.trimEnd()}
        {shown && (
          <span class="provenance" role="tooltip" id={id} ref={box}>
            <span class="provenance-line">{props.counts}</span>
            {props.formula && (
              <span class="provenance-line">
                <b>{t("p_formula")}</b> {props.formula}
              </span>
            )}
            {props.source && (
              <span class="provenance-line">
                <b>{t("p_source")}</b> {props.source}
              </span>
            )}
            <span class={`provenance-kind kind-${props.kind}`}>{t(KIND_WORD[props.kind])}</span>
          </span>
        )}
      </span>
      {props.after?.endsWith(" ") && " "}
    </>
  );
}

/** Moves a box sideways until the window holds it. */
function keepInside(box: HTMLElement): void {
  const { left, right } = box.getBoundingClientRect();
  const margin = 8;
  const width = document.documentElement.clientWidth;
  if (right > width - margin) box.style.transform = `translateX(${width - margin - right}px)`;
  else if (left < margin) box.style.transform = `translateX(${margin - left}px)`;
}

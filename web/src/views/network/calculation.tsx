import { signal, type ReadonlySignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failed, OldMark } from "../../parts/states";
import { version } from "../../state/data";
import { t } from "../../words";

interface Found<Wish, Answer> {
  wish: Wish;
  answer: Answer;
  /** The version of the lists that it was asked of. */
  at: string;
}

/** Something that takes seconds: begun by a button alone, never because the lists change. */
export interface Calculation<Wish, Answer> {
  readonly found: ReadonlySignal<Found<Wish, Answer> | null>;
  readonly error: ReadonlySignal<unknown>;
  /** When the one under way began. */
  readonly since: ReadonlySignal<number | null>;
  start(wish: Wish): void;
  /** Asks the same again. */
  again(): void;
  cancel(): void;
}

/** A calculation of the service; a later one takes the place of one under way. */
export function calculation<Wish, Answer>(ask: (wish: Wish, stop: AbortSignal) => Promise<Answer>): Calculation<Wish, Answer> {
  const found = signal<Found<Wish, Answer> | null>(null);
  const error = signal<unknown>(null);
  const since = signal<number | null>(null);
  let running: AbortController | null = null;
  let last: (() => void) | null = null;

  function start(wish: Wish): void {
    running?.abort();
    const mine = new AbortController();
    const at = version.peek();
    running = mine;
    last = () => start(wish);
    since.value = Date.now();
    error.value = null;
    const end = (tell: () => void): void => {
      if (running !== mine) return;
      running = null;
      since.value = null;
      tell();
    };
    ask(wish, mine.signal).then(
      (answer) => end(() => void (found.value = { wish, answer, at })),
      (cause: unknown) => end(() => void (error.value = cause)),
    );
  }

  function cancel(): void {
    running?.abort();
    running = null;
    since.value = null;
  }

  return { found, error, since, start, again: () => last?.(), cancel };
}

interface OutcomeProps<Wish, Answer> {
  of: Calculation<Wish, Answer>;
  children: (answer: Answer, wish: Wish) => ComponentChildren;
}

/** How far a calculation is, what went wrong, and what came of it, marked as old once the lists have changed. */
export function Outcome<Wish, Answer>({ of, children }: OutcomeProps<Wish, Answer>): JSX.Element {
  const { found, error, since } = of;
  return (
    <>
      {since.value !== null && <Progress since={since.value} onCancel={of.cancel} />}
      {error.value ? <Failed error={error.value} onRetry={of.again} /> : null}
      {found.value && (
        <>
          <OldMark old={since.value !== null || found.value.at !== version.value} />
          {children(found.value.answer, found.value.wish)}
        </>
      )}
    </>
  );
}

const SECOND_MS = 1000;

function Progress({ since, onCancel }: { since: number; onCancel: () => void }): JSX.Element {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), SECOND_MS);
    return () => clearInterval(clock);
  }, [since]);
  return (
    <p class="network-progress">
      <span role="status">{t("working_on")}</span>{" "}
      <span aria-hidden="true">{t("net_seconds", { n: Math.max(0, Math.floor((now - since) / SECOND_MS)) })}</span>
      <button type="button" class="quiet" onClick={onCancel}>{t("cancel")}</button>
    </p>
  );
}

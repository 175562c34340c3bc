import { effect, signal, untracked, type ReadonlySignal } from "@preact/signals";

export interface Resource<T> {
  /** The last answer; kept while a newer one is under way. */
  readonly data: ReadonlySignal<T | null>;
  /** True while what `data` holds belongs to an earlier question (旧结果). */
  readonly old: ReadonlySignal<boolean>;
  readonly error: ReadonlySignal<unknown>;
  reload(): void;
}

/**
 * Something asked of the API. `ask` reads signals and gives the question, or null where there is none now;
 * it runs again when those signals change, and late answers to earlier questions are dropped.
 */
export function resource<T>(ask: () => (() => Promise<T>) | null): Resource<T> {
  const data = signal<T | null>(null);
  const old = signal(false);
  const error = signal<unknown>(null);
  const again = signal(0);
  let turn = 0;

  effect(() => {
    again.value;
    const load = ask();
    const mine = ++turn;
    untracked(() => {
      if (!load) {
        data.value = null;
        old.value = false;
        error.value = null;
        return;
      }
      old.value = true;
      load().then(
        (answer) => {
          if (mine !== turn) return;
          data.value = answer;
          old.value = false;
          error.value = null;
        },
        (cause: unknown) => {
          if (mine !== turn) return;
          old.value = false;
          error.value = cause;
        },
      );
    });
  });

  return { data, old, error, reload: () => void again.value++ };
}

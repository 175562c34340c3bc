import { effect, signal, type Signal } from "@preact/signals";

const PREFIX = "linli.";

/** A signal kept on this machine over reloads; what can't be read becomes the default. */
export function kept<T>(name: string, fallback: T, isValid: (value: unknown) => value is T): Signal<T> {
  const found = signal<T>(read(name, fallback, isValid));
  effect(() => {
    try {
      localStorage.setItem(PREFIX + name, JSON.stringify(found.value));
    } catch {
      // A full or forbidden storage costs the memory over reloads, nothing else.
    }
  });
  return found;
}

function read<T>(name: string, fallback: T, isValid: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
    return isValid(value) ? value : fallback;
  } catch {
    return fallback;
  }
}

import { signal } from "@preact/signals";
import { checkLists } from "../../api/calls";
import type { Load } from "../../api/types";
import { isTyping } from "../../keys";
import { open } from "../../state/where";
import { pastedFile } from "./paste";

/** A file is held over the page. */
export const isDragging = signal(false);
/** The names of the files that are being checked. */
export const checking = signal<string[]>([]);
export const intakeError = signal<unknown>(null);
/** The answer of a check, so that its page need not ask again. */
export const freshLoad = signal<Load | null>(null);

/** Checks lists and opens their report; nothing is stored. */
export async function takeIn(files: File[]): Promise<void> {
  if (files.length === 0) return;
  checking.value = files.map((file) => file.name);
  intakeError.value = null;
  open("lists");
  try {
    const load = await checkLists(files);
    freshLoad.value = load;
    open("lists", { id: load.id });
  } catch (error) {
    intakeError.value = error;
  } finally {
    checking.value = [];
  }
}

/** Lists may be dropped, and cells of Excel pasted, on every page. Gives a way to stop. */
export function followDrops(): () => void {
  const over = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    isDragging.value = true;
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) isDragging.value = false;
  };
  const drop = (event: DragEvent): void => {
    isDragging.value = false;
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    void takeIn([...event.dataTransfer.files]);
  };
  const paste = (event: ClipboardEvent): void => {
    if (isTyping(event.target) || !event.clipboardData) return;
    const files = [...event.clipboardData.files];
    const cells = pastedFile(event.clipboardData.getData("text/plain"));
    const taken = files.length > 0 ? files : cells ? [cells] : [];
    if (taken.length === 0) return;
    event.preventDefault();
    void takeIn(taken);
  };
  addEventListener("dragover", over);
  addEventListener("dragleave", leave);
  addEventListener("drop", drop);
  addEventListener("paste", paste);
  return () => {
    removeEventListener("dragover", over);
    removeEventListener("dragleave", leave);
    removeEventListener("drop", drop);
    removeEventListener("paste", paste);
  };
}

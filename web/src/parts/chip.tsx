import type { ComponentChildren, JSX } from "preact";
import { t } from "../words";
import { Icon } from "./icon";

interface ChipProps {
  children: ComponentChildren;
  pressed?: boolean;
  onClick: () => void;
}

/** A choice that is on or off. */
export function Chip({ children, pressed = false, onClick }: ChipProps): JSX.Element {
  return (
    <button type="button" class="chip" aria-pressed={pressed} onClick={onClick}>
      {children}
    </button>
  );
}

/** Something chosen that can be taken off again. */
export function DropChip({ name, onDrop }: { name: string; onDrop: () => void }): JSX.Element {
  return (
    <button type="button" class="chip chip-set" aria-label={t("filter_drop", { name })} onClick={onDrop}>
      {name}
      <Icon name="close" />
    </button>
  );
}

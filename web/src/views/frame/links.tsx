import type { ComponentChildren, JSX } from "preact";
import { RECORD_TABLES } from "../../state/url";
import { addressOf, open } from "../../state/where";

interface RecordLinkProps {
  table: string;
  id: string;
  children: ComponentChildren;
}

/** A link to a record's own page; plain text where there is none. */
export function RecordLink({ table, id, children }: RecordLinkProps): JSX.Element {
  if (!(RECORD_TABLES as readonly string[]).includes(table)) return <span>{children}</span>;
  return (
    <a
      href={addressOf("record", { table, id })}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        open("record", { table, id });
      }}
    >
      {children}
    </a>
  );
}

import type { JSX } from "preact";
import type { Saying, SaidText } from "../../api/types";
import { DropChip } from "../../parts/chip";
import { categoryName, t } from "../../words";
import { withoutSaying } from "./sayings";

const lineOf = ({ kind, written, meaning }: SaidText): string =>
  t("said_line", { written, meaning: kind === "name" ? meaning : categoryName(meaning) });

/** What was said of texts in these lists, until they are loaded or it is taken back. */
export function Said({ said, onSay }: { said: Saying[]; onSay: (said: Saying[]) => void }): JSX.Element | null {
  const texts = said.filter((saying): saying is SaidText => saying.kind !== "list");
  if (texts.length === 0) return null;
  return (
    <p class="said">
      <b>{t("said_title")}</b>
      {texts.map((saying) => <DropChip key={`${saying.kind}/${saying.written}`} name={lineOf(saying)} onDrop={() => onSay(withoutSaying(said, saying))} />)}
    </p>
  );
}

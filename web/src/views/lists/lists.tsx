import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Failed } from "../../parts/states";
import { where } from "../../state/where";
import { t } from "../../words";
import { Check } from "./check";
import { checking, intakeError, takeIn } from "./intake";
import { Overview } from "./overview";

/** Lists: what is dropped, checked, mended and loaded. */
export function Lists(): JSX.Element {
  const { id } = where.value;
  if (id !== null && checking.value.length === 0) return <Check id={id} />;
  return (
    <div class="lists">
      <h1>{t("lists_title")}</h1>
      <DropZone />
      {intakeError.value !== null && <Failed error={intakeError.value} onRetry={() => (intakeError.value = null)} />}
      <Overview />
    </div>
  );
}

function DropZone(): JSX.Element {
  const chooser = useRef<HTMLInputElement>(null);
  if (checking.value.length > 0) {
    return <p class="drop-zone" role="status">{t("lists_checking", { files: checking.value.join("、") })}</p>;
  }
  return (
    <div class="drop-zone">
      <p>
        {t("lists_drop")}
        <button type="button" class="primary" onClick={() => chooser.current?.click()}>{t("lists_choose")}</button>
      </p>
      <p class="note">{t("lists_paste")}</p>
      <p class="note">{t("lists_checked_first")}</p>
      <input
        ref={chooser}
        class="hidden"
        type="file"
        multiple
        accept=".xlsx,.xls,.csv,.geojson,.json"
        tabIndex={-1}
        aria-label={t("lists_choose")}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          void takeIn(files);
        }}
      />
    </div>
  );
}

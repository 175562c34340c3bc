import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Summary } from "../../api/types";
import { drawnTheme } from "../../state/prefs";
import { REASONS, reasonName, t } from "../../words";
import { drawCircle, drawUnit, readInk, type CircleSign, type UnitSign } from "./patterns";
import { Swatch } from "./swatch";

interface LegendProps {
  summary: Summary;
  isHex: boolean;
  hasLines: boolean;
  isFolded: boolean;
}

/** What the signs of the map mean: the patterns of those reasons that occur, and the shapes. */
export function Legend({ summary, isHex, hasLines, isFolded }: LegendProps): JSX.Element {
  const shown = new Set(summary.areas.filter(({ unserved }) => unserved > 0).map(({ reason }) => reason));
  const sample: CircleSign = { reason: "", radius: 9, hollow: true, count: 0, selected: false };
  return (
    <details class="legend" open={!isFolded}>
      <summary>{t("legend")}</summary>
      <ul>
        {isHex &&
          [0, 1, 2, 3, 4].map((step) => (
            <li key={step}>
              <span class={`legend-step seq-${step + 1}`} /> {step === 0 ? t("legend_least") : step === 4 ? t("legend_most") : ""}
            </li>
          ))}
        {REASONS.filter((reason) => shown.has(reason)).map((reason) => (
          <li key={reason}>
            <Swatch reason={reason} />
            {reasonName(reason)}
          </li>
        ))}
      </ul>
      <ul>
        <li>{t("legend_number")}</li>
        {!isHex && <li><Sign circle={sample} /> {t("legend_hollow")}</li>}
        {!isHex && <li><Sign unit={{ hollow: false, selected: false, busy: true }} /> {t("legend_unit")}</li>}
        {!isHex && <li><Sign unit={{ hollow: false, selected: false, busy: false }} /> {t("legend_unit_idle")}</li>}
        {hasLines && <li><span class="legend-line legend-new" /> {t("legend_new")}</li>}
        {hasLines && <li><span class="legend-line legend-old" /> {t("legend_old")}</li>}
      </ul>
    </details>
  );
}

function Sign({ circle, unit }: { circle?: CircleSign; unit?: UnitSign }): JSX.Element {
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const ink = readInk(REASONS);
    const canvas = circle ? drawCircle(circle, ink) : unit ? drawUnit(unit, ink) : null;
    if (!canvas) return;
    canvas.className = "swatch-sign";
    box.current?.replaceChildren(canvas);
  }, [drawnTheme.value]);
  return <span ref={box} class="legend-sign" aria-hidden="true" />;
}

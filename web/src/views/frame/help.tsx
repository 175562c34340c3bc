import type { JSX } from "preact";
import { ReasonIcon, WarningIcon } from "../../parts/icon";
import { keysOn } from "../../state/prefs";
import type { PanelContent } from "../../state/panel";
import { meaning, REASONS, t, termName, WARNINGS, type PageWord } from "../../words";
import { Swatch } from "../map/swatch";
import { menuPages } from "../pages";

const KEYS: [string, PageWord][] = [
  ["?", "k_help"], ["/", "k_search"], ["↑ ↓", "k_arrows"], ["Enter", "k_enter"], ["Space", "k_space"], ["e", "k_e"],
  ["l", "k_l"], ["x", "k_x"], ["r", "k_r"], ["m", "k_m"], ["p", "k_p"], ["Esc", "k_esc"],
  ["Ctrl+Z, Ctrl+Shift+Z", "k_undo"], ["Ctrl+C", "k_copy"], ["Ctrl+V", "k_paste"],
];
const TERMS = ["matched", "unmatched", "delivered", "places", "round", "certificate", "nearest_first", "idle_offer", "idle_unit"] as const;

export const helpPanel = (): PanelContent => ({ key: "help", title: t("help"), body: Help });

function Help(): JSX.Element {
  const pages = menuPages().filter((page) => page.key && page.word);
  return (
    <div class="help">
      <h3>{t("help_keys")}</h3>
      <label class="check">
        <input type="checkbox" checked={keysOn.value} onChange={(event) => (keysOn.value = event.currentTarget.checked)} />
        {t("help_keys_on")}
      </label>
      <dl class="keys">
        {KEYS.map(([key, word]) => (
          <div key={key}>
            <dt><kbd>{key}</kbd></dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
        {pages.map((page) => (
          <div key={page.name}>
            <dt><kbd>g</kbd> <kbd>{page.key}</kbd></dt>
            <dd>{page.word && t(page.word)}</dd>
          </div>
        ))}
      </dl>
      <h3>{t("help_signs")}</h3>
      <ul class="signs">
        {REASONS.map((reason) => <li key={reason} class="sign-pair"><ReasonIcon reason={reason} named /> <Swatch reason={reason} /></li>)}
        {WARNINGS.map((warning) => <li key={warning}><WarningIcon warning={warning} named /></li>)}
      </ul>
      <h3>{t("help_words")}</h3>
      <dl class="terms">
        {TERMS.map((term) => (
          <div key={term}>
            <dt>{termName(term)}</dt>
            <dd>{meaning(term)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

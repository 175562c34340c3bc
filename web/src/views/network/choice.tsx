import type { JSX } from "preact";
import { t, type PageWord } from "../../words";

interface ChoiceProps {
  word: PageWord;
  value: string;
  choices: [string, string][];
  onChoose: (value: string) => void;
}

/** One of a few, by its name. */
export function Choice({ word, value, choices, onChoose }: ChoiceProps): JSX.Element {
  return (
    <label>
      {t(word)}{" "}
      <select class="pick" value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {choices.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
      </select>
    </label>
  );
}

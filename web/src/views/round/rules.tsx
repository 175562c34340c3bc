import { computed, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../parts/icon";
import { Failed, Loading } from "../../parts/states";
import { rounds } from "../../state/data";
import { isWorking, matchAnew } from "../../state/jobs";
import type { Notice } from "../../state/notices";
import { faultsOf, isSameWish, NO_RULES, rulesDraft, rulesOf, type RuleName, type Rules } from "../../state/rules";
import { t, valueName, type PageWord } from "../../words";
import { made, madeNow } from "./asked";

const KEPT = ["published", "closed"];

const PLACE = "round-rules";
/** Folded away until somebody asks: the table has the room. */
const isUnfolded = signal(false);

/** The rules of the round shown, and what was changed of them since. */
const rules = computed(() => {
  const found = madeNow.value;
  if (found === null) return null;
  const own = rulesOf(found.match);
  const draft = rulesDraft.value?.round === found.id ? rulesDraft.value.rules : own;
  return { shown: found.id, draft, isChanged: !isSameWish(own, draft) };
});

/** Unfolds the rules, and says where some were changed that no match was made by yet. */
export function RulesButton(): JSX.Element {
  return (
    <button type="button" aria-expanded={isUnfolded.value} aria-controls={PLACE} onClick={() => { isUnfolded.value = !isUnfolded.value; }}>
      {t(rules.value?.isChanged ? "rules_more_changed" : "rules_more")}
    </button>
  );
}

/** Rules for the next match; at first those of the round shown. */
export function MoreRules(): JSX.Element {
  return <div id={PLACE} hidden={!isUnfolded.value}>{isUnfolded.value && <Unfolded />}</div>;
}

function Unfolded(): JSX.Element {
  if (rules.value !== null) return <RulesForm shown={rules.value.shown} rules={rules.value.draft} />;
  return made.error.value !== null ? <Failed error={made.error.value} onRetry={made.reload} /> : <Loading />;
}

function RulesForm({ shown, rules }: { shown: string; rules: Rules }): JSX.Element {
  const [error, setError] = useState<unknown>(null);
  const box = useRef<HTMLFormElement>(null);
  const faults = error === null ? new Map<RuleName | "", Notice>() : faultsOf(error, rules);
  useEffect(() => setError(null), [shown]);
  useLayoutEffect(() => {
    if (error !== null) box.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [error]);
  const set = (name: RuleName) => (value: string): void => {
    rulesDraft.value = { round: shown, rules: { ...rules, [name]: value } };
  };
  const start = async (): Promise<void> => {
    if (isWorking.value) return;
    setError(null);
    try {
      await matchAnew(rules);
    } catch (refusal) {
      setError(refusal);
    }
  };
  const field = (name: RuleName): FieldProps => ({ name, value: rules[name], fault: faults.get(name), onInput: set(name) });
  const general = faults.get("");
  return (
    <form
      ref={box}
      class="rules-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <KeptRound {...field("keep_round")} />
      {rules.keep_round !== "" && (
        <>
          <NumberField label="rules_keep_m" {...field("keep_m")} />
          <NumberField label="rules_most_moves" hint="rules_most_hint" {...field("most_moves")} />
        </>
      )}
      <NumberField label="rules_load_m" hint="rules_load_hint" {...field("load_m")} />
      {general && <Fault fault={general} />}
      <p class="actions">
        <button type="submit" class="primary" disabled={isWorking.value}>{t("rules_match")}</button>
        {!isSameWish(rules, NO_RULES) && <button type="button" onClick={() => { rulesDraft.value = { round: shown, rules: NO_RULES }; }}>{t("rules_drop")}</button>}
      </p>
    </form>
  );
}

interface FieldProps {
  name: RuleName;
  value: string;
  fault: Notice | undefined;
  onInput: (value: string) => void;
}

/** The rounds that were published, to choose the one that is kept. */
function KeptRound({ name, value, fault, onInput }: FieldProps): JSX.Element {
  const id = useId();
  const { data, error, reload } = rounds;
  if (!data.value) return error.value !== null ? <Failed error={error.value} onRetry={reload} /> : <Loading />;
  const choices = data.value.filter(({ status }) => KEPT.includes(status));
  if (choices.length === 0 && value === "") return <p class="rule-empty note">{t("rules_keep_empty")}</p>;
  return (
    <div class="rule">
      <label for={id}>{t("rules_keep_round")}</label>
      <select id={id} name={name} value={value} aria-invalid={fault !== undefined} aria-describedby={`${id}-told`} onChange={(event) => onInput(event.currentTarget.value)}>
        <option value="">{t("rules_keep_none")}</option>
        {choices.map((item) => <option key={item.id} value={item.id}>{item.id} {valueName("round_status", item.status)}</option>)}
        {value !== "" && !choices.some((item) => item.id === value) && <option value={value}>{value}</option>}
      </select>
      <Told id={`${id}-told`} hint="rules_keep_hint" fault={fault} />
    </div>
  );
}

function NumberField({ label, hint, name, value, fault, onInput }: FieldProps & { label: PageWord; hint?: PageWord }): JSX.Element {
  const id = useId();
  return (
    <div class="rule">
      <label for={id}>{t(label)}</label>
      <input id={id} name={name} value={value} inputMode="numeric" autocomplete="off" aria-invalid={fault !== undefined} aria-describedby={`${id}-told`} onInput={(event) => onInput(event.currentTarget.value)} />
      <Told id={`${id}-told`} hint={hint} fault={fault} />
    </div>
  );
}

/** What a field means, or what is wrong with what it holds. */
function Told({ id, hint, fault }: { id: string; hint?: PageWord | undefined; fault: Notice | undefined }): JSX.Element {
  return <div class="rule-told" id={id}>{fault ? <Fault fault={fault} /> : hint && <span class="note">{t(hint)}</span>}</div>;
}

function Fault({ fault }: { fault: Notice }): JSX.Element {
  return (
    <p class="field-fault" role="alert">
      <Icon name="error" /> {fault.text} {fault.remedy && <span class="note">{fault.remedy}</span>}
    </p>
  );
}

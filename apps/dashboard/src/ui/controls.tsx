import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import {
  account,
  accounts,
  canWrite,
  chooseAccount,
  connection,
  isNarrow,
  now,
  showToast,
} from "../store.ts";
import { exactTime, number, relative } from "./format.ts";
import { searchId, useArrowKeys } from "./keys.ts";

/** The small controls that all views are made of. */

interface TimeProps {
  readonly at: string;
  /** The clock that relative times are by (default: the mock's). */
  readonly by?: ReadonlySignal<number>;
  readonly children?: ComponentChildren;
}

/** A time: relative by default, the exact one on hover. */
export function Time({ at, by = now, children }: TimeProps) {
  return (
    <time dateTime={at} title={exactTime(at)}>
      {children ?? relative(at, by.value)}
    </time>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, text: string, count?: number])[];
  readonly onChange: (value: Value) => void;
}

/** The options of a choice by name, after the one that chooses none. */
export function optionsOf<Name extends string>(any: string, names: readonly Name[]) {
  return [["", any] as const, ...names.map((name) => [name, name] as const)];
}

export function Select<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as Value)}
    >
      {withChosen(options, value).map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
    </select>
  );
}

/** With the chosen one, which may come from a link, and be none of them. */
function withChosen<Value extends string>(options: ChoiceProps<Value>["options"], chosen: Value) {
  return options.some(([each]) => each === chosen) ? options : [...options, [chosen, chosen] as const];
}

export function Segments<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  const group = useRef<HTMLFieldSetElement>(null);
  useArrowKeys(group);
  return (
    <fieldset class="seg" aria-label={label} ref={group}>
      {withChosen(options, value).map(([each, text, count]) => (
        <button key={each} type="button" aria-pressed={each === value} onClick={() => onChange(each)}>
          {text} {count !== undefined && <span class="n">{number(count)}</span>}
        </button>
      ))}
    </fieldset>
  );
}

interface SearchProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly onInput: (text: string) => void;
}

export function Search(props: SearchProps) {
  return (
    <input
      type="search"
      class="search"
      id={searchId}
      aria-label={props.label}
      placeholder={`${props.hint ?? props.label}${isNarrow.value ? "" : " ( / )"}`}
      value={props.value}
      onInput={(event) => props.onInput(event.currentTarget.value)}
      autocomplete="off"
      spellcheck={false}
    />
  );
}

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => unknown;
  /** Asks or changes the mock, so that it needs a connection. */
  readonly changes?: boolean;
  readonly disabled?: boolean;
  readonly kind?: "primary" | "quiet" | "step" | undefined;
  readonly type?: "button" | "submit";
  readonly label?: string;
  readonly title?: string;
  readonly pressed?: boolean;
  readonly id?: string;
}

export function Button({
  children,
  changes = false,
  kind,
  label,
  pressed,
  type = "button",
  disabled = false,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      class={`btn ${kind ?? ""}`}
      aria-label={label}
      aria-pressed={pressed}
      disabled={disabled || (changes && !canWrite.value)}
    >
      {children}
    </button>
  );
}

export function copyText(text: string, done: ComponentChildren): void {
  navigator.clipboard?.writeText(text).then(
    () => showToast(done),
    () => showToast("The browser does not let this page copy: select the text instead."),
  ) ?? showToast("Browsers let pages copy only from this machine or over HTTPS: select the text instead.");
}

/** A line to paste. */
export function CopyLine({ text, label = "command" }: { text: string; label?: string }) {
  return (
    <div class="line">
      <code>{text}</code>
      <button type="button" aria-label={`Copy ${label}`} onClick={() => copyText(text, "Copied.")}>
        Copy
      </button>
    </div>
  );
}

interface FieldProps {
  readonly id?: string;
  readonly label?: string;
  readonly hint?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Field({ id, label, hint, children }: FieldProps) {
  return (
    <>
      {label === undefined ? <span /> : <label for={id}>{label}</label>}
      <div class="fld">
        {children}
        {hint && <span class="hint">{hint}</span>}
      </div>
    </>
  );
}

interface FormProps {
  readonly class: string;
  readonly onSubmit: (fields: FormData) => unknown;
  readonly onInput?: (fields: FormData) => unknown;
  readonly children: ComponentChildren;
}

/** A form that hands over its fields: the browser keeps them. */
export function Form({ onSubmit, onInput, ...rest }: FormProps) {
  return (
    <form
      {...rest}
      onInput={(event) => onInput?.(new FormData(event.currentTarget))}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(new FormData(event.currentTarget));
      }}
    />
  );
}

/** Text of the mock marks code with backticks. */
export function Prose({ text }: { text: string }) {
  return (
    <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>
  );
}

/** The headings of a table, each with the class of its column. */
export function TableHead({ columns }: { columns: readonly (readonly [text: string, style?: string])[] }) {
  return (
    <thead>
      <tr>
        {columns.map(([text, style]) => (
          <th key={text} scope="col" class={style}>
            {text}
          </th>
        ))}
      </tr>
    </thead>
  );
}

export function AccountSelect() {
  const list = accounts.value;
  if (list.length <= 1) return <span>{account.value?.id}</span>;
  return (
    <Select
      label="Account"
      value={account.value?.id ?? ""}
      options={list.map(({ id, isTemplate }) => [id, isTemplate ? `${id} (template)` : id])}
      onChange={chooseAccount}
    />
  );
}

/** The name of an account, which leads to its orders. */
export function AccountLink({ id }: { id: string }) {
  const show = () => {
    chooseAccount(id);
    location.hash = "orders";
  };
  return (
    <button class="link" type="button" title="Show its orders" onClick={show}>
      {id}
    </button>
  );
}

/** Shown in place of data that a view cannot have. */
export function Notice({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      <div>{children}</div>
    </div>
  );
}

/** Shown until there is something to show: it is loading, the mock is away, or it has refused. */
export function Waiting({ for: what, problem }: { for: string; problem: string | null }) {
  if (connection.value.state === "gone") {
    return <Notice title="The mock is away">Start it again, and this page loads {what} by itself.</Notice>;
  }
  return <p class={problem === null ? "more" : "more bad"}>{problem ?? `Loading ${what}…`}</p>;
}

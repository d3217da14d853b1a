import { signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Account, ApiProblem, api, baseUrl, type Issue, type LogEntry } from "../api.ts";
import { hashOf, requests } from "../requests/selection.ts";
import { type Language, languages, samplesOf, useSample } from "../sample.ts";
import {
  acceptsNewKeys,
  accounts,
  attempt,
  hasMoreAccounts,
  isForwarding,
  loadState,
  revision,
  showToast,
  tick,
} from "../store.ts";
import {
  AccountLink,
  Button,
  CopyLine,
  Field,
  Form,
  Search,
  Segments,
  TableHead,
  Time,
} from "../ui/controls.tsx";
import { confirm } from "../ui/dialog.tsx";
import { addresses, exactTime, money, number, plural } from "../ui/format.ts";
import { Lines } from "../ui/json.tsx";
import { useLoaded } from "../ui/load.ts";
import { LongRows } from "../ui/virtual.tsx";

/** How to reach the mock, which accounts it has, and how to replace them. */

interface BrokenFile {
  readonly name: string;
  readonly issues: readonly Issue[];
  readonly lines: readonly string[];
}

const language = signal<Language>("curl");
const brokenFile = signal<BrokenFile | null>(null);

function forgetBroken(): void {
  brokenFile.value = null;
}

export function WorldView() {
  useEffect(() => {
    const drop = new AbortController();
    // A file that falls beside the card must not take the place of this page.
    addEventListener("dragover", (event) => event.preventDefault(), { signal: drop.signal });
    addEventListener(
      "drop",
      (event) => {
        event.preventDefault();
        if (!isForwarding.peek()) void load(event.dataTransfer?.files[0]);
      },
      { signal: drop.signal },
    );
    return () => drop.abort();
  }, []);
  return (
    <div class="page">
      <div class="two">
        <div class="cards">
          <Connect />
          {!isForwarding.value && <Generate />}
        </div>
        <div class="cards">
          {brokenFile.value && <Broken file={brokenFile.value} />}
          {!isForwarding.value && <World />}
        </div>
      </div>
    </div>
  );
}

function Connect() {
  return (
    <section class="card">
      <h2>
        Connect{" "}
        {!isForwarding.value && (
          <span class="dim">
            {acceptsNewKeys.value ? "any API key works" : "only API keys of existing accounts work"}
          </span>
        )}
      </h2>
      <div class="in stack">
        <div>
          <span class="dim">Base URL</span>
          <CopyLine text={baseUrl} label="base URL" />
        </div>
        {isForwarding.value ? (
          <p>This mock forwards requests to another server, and has no accounts of its own.</p>
        ) : (
          <Samples />
        )}
        <div>
          <span class="dim">Documents</span>
          <p class="links">
            <a href={`${baseUrl}/docs`}>API reference</a>
            <a href={`${baseUrl}/docs-control`}>Control API reference</a>
            <a href={`${baseUrl}/openapi.json`}>openapi.json</a>
          </p>
        </div>
      </div>
    </section>
  );
}

/** Lines to try. Of a mock that forwards there are none: they would reach a real server. */
function Samples() {
  const sample = useSample();
  return (
    <>
      <div class="stack">
        <Segments
          label="Language"
          value={language.value}
          options={languages.map((each) => [each, each] as const)}
          onChange={(value) => {
            language.value = value;
          }}
        />
        {sample.warning && <p class="bad">{sample.warning}</p>}
        <CopyLine text={samplesOf(sample)[language.value]} label={`lines in ${language.value}`} />
        {["CLI", "Client"].includes(language.value) && (
          <p class="dim">
            For a clone of the toolkit, or a project in which its packages are installed
            {language.value === "Client" && ", in a file that ends in .mjs"}.
          </p>
        )}
      </div>
      <div>
        <span class="dim">Reserved API key</span>
        <p>
          <code>unknown-api-key</code> is always refused with error 2.
        </p>
      </div>
    </>
  );
}

function World() {
  const file = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const { data, problem } = useLoaded(text === "" ? null : `accounts ${text}`, revision.value, () =>
    api.searchAccounts(text),
  );
  const listed = text === "" ? accounts.value : (data?.accounts ?? []);
  const last = new Map(requests.value.toReversed().map(({ entry }) => [entry.account, entry]));
  return (
    <section class="card" aria-label="World">
      <h2>
        World <span class="dim">drop a world file on this page to load it</span>
        <span class="grow" />
        <Button changes kind="quiet" onClick={save}>
          Save
        </Button>
        <Button changes kind="quiet" onClick={() => file.current?.click()}>
          Load…
        </Button>
        <Button changes kind="quiet" onClick={reset}>
          Reset…
        </Button>
      </h2>
      <FileInput input={file} />
      <div class="bar">
        <Search label="Search accounts" hint="Part of an ID, or an API key" value={text} onInput={setText} />
      </div>
      <table>
        <TableHead
          columns={[
            ["Account"],
            ["Last request", "hide-s"],
            ["Orders", "num"],
            ["Addresses", "num hide-s"],
            ["Balance", "num"],
          ]}
        />
        <LongRows items={listed} keyOf={({ id }) => id} rowHeight={33}>
          {(each) => <AccountRow account={each} last={last.get(each.id)} />}
        </LongRows>
      </table>
      {text === ""
        ? hasMoreAccounts.value && <p class="more">More accounts are not listed: search for them.</p>
        : listed.length === 0 && (
            <p class="more">{problem ?? (data ? "No account has this ID or API key." : "Searching…")}</p>
          )}
    </section>
  );
}

function FileInput({ input }: { input: RefObject<HTMLInputElement | null> }) {
  return (
    <input
      ref={input}
      type="file"
      accept=".json,application/json"
      aria-label="World file"
      hidden
      onChange={(event) => {
        load(event.currentTarget.files?.[0]);
        event.currentTarget.value = "";
      }}
    />
  );
}

function AccountRow({ account, last }: { account: Account; last: LogEntry | undefined }) {
  const { id, isTemplate, orders, expired, addresses: size, balance, currency } = account;
  return (
    <tr>
      <td>
        <AccountLink id={id} />
        {isTemplate && <span class="dim"> (template)</span>}
      </td>
      <td class="hide-s">
        <LastRequest entry={last} />
      </td>
      <td class="num">
        {expired > 0 && <span class="dim">{number(expired)} expired + </span>}
        {number(orders)}
      </td>
      <td class="num hide-s">{number(size)}</td>
      <td class="num">
        {money(balance)} <span class="dim">{currency}</span>
      </td>
    </tr>
  );
}

/** Says whose account it is: its ID is a digest of the API key. */
function LastRequest({ entry }: { entry: LogEntry | undefined }) {
  return (
    entry && (
      <a href={hashOf(entry)}>
        <Time at={entry.arrivedAt} by={tick} />
      </a>
    )
  );
}

const resetConsequence =
  "Accounts, balances and clock go back to the world that the mock was started with, also if another one was loaded or generated since. The request log and all queued faults are removed. There is no undo.";

async function reset(): Promise<void> {
  if (!(await confirm("Reset the mock?", resetConsequence, "Reset"))) return;
  await attempt(async () => {
    await api.reset();
    forgetBroken();
    await loadState();
    showToast("The mock was reset.");
  });
}

async function save(): Promise<void> {
  await attempt(async () => {
    const url = URL.createObjectURL(new Blob([await api.stateText()], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = "world.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    showToast("Saved the accounts, their orders and the time of the clock.");
  });
}

async function load(file: File | undefined): Promise<void> {
  if (!file) return;
  const text = await file.text();
  await attempt(async () => {
    forgetBroken();
    const contents = isUnreadable(file.name, text) ? null : await check(file.name, text);
    if (!contents || !(await isReplacementMeant(`${file.name}: ${contents}`))) return;
    await api.putState(text);
    await loadState();
    showToast(`${file.name} is loaded.`);
  });
}

/** Whether a file is no world at a glance, which is then said. */
function isUnreadable(name: string, text: string): boolean {
  const isBinary = /[\0\ufffd]/.test(text.slice(0, 1_000));
  const message = text.trim() === "" ? "The file is empty." : isBinary ? "This is not a JSON file." : "";
  if (message !== "") brokenFile.value = { name, issues: [{ path: "", message, line: 1 }], lines: [] };
  return message !== "";
}

/** @returns what is in a world file; `null` if it is broken, which is then shown. */
async function check(name: string, text: string): Promise<string | null> {
  try {
    const { accounts: count, orders, addresses: size, startsAt } = await api.checkState(text);
    const time = startsAt === null ? "stays" : `goes to ${exactTime(startsAt)}`;
    return `${plural(count, "account")}, ${plural(orders, "order")}, ${addresses(size)}. The clock ${time}`;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 400) throw error;
    brokenFile.value = { name, issues: error.issues, lines: text.split(/\r?\n/) };
    return null;
  }
}

function isReplacementMeant(by: string): Promise<boolean> {
  const body = `All accounts and orders are replaced by ${by}. There is no undo.`;
  return confirm("Replace the world?", body, "Replace");
}

/** The lines shown around a problem in a long file. */
const context = 4;
const maxIssues = 50;

function Broken({ file: { name, issues, lines } }: { file: BrokenFile }) {
  const marked = new Map(
    issues.flatMap(({ line, column }) => (line ? [[line, column] as const] : [])).reverse(),
  );
  const firstLine = Math.min(...marked.keys(), lines.length);
  const from = lines.length <= 60 ? 1 : Math.max(1, firstLine - context);
  const until = lines.length <= 60 ? lines.length : Math.min(lines.length, firstLine + 40);
  const isLong = (line: number) => (lines[line - 1]?.length ?? 0) > maxLine;
  const numbered = (text: string, index: number) => ({
    dim: `${String(from + index).padStart(String(until).length)}  `,
    text: cutAround(text, marked.get(from + index)),
    ...(marked.has(from + index) ? { note: "" } : {}),
  });
  return (
    <section class="card" role="alert">
      <h2>
        <span class="bad">
          {name} was not loaded: {plural(issues.length, "problem")}
        </span>
        <span class="grow" />
        <Button kind="quiet" onClick={forgetBroken}>
          Dismiss
        </Button>
      </h2>
      <div class="in stack">
        <p class="dim">The mock is unchanged. Fix these places and load the file again.</p>
        <ol class="issues">
          {issues.slice(0, maxIssues).map(({ path, message, line, column }, index) => (
            <li key={index}>
              <span class="dim">{line ? `line ${line}${isLong(line) ? `, column ${column}` : ""}` : ""}</span>
              <span>
                {path !== "" && (
                  <>
                    <code>{path}</code>:{" "}
                  </>
                )}
                {message}
              </span>
            </li>
          ))}
        </ol>
        {issues.length > maxIssues && (
          <p class="dim">{number(issues.length - maxIssues)} more are not listed.</p>
        )}
        {marked.size > 0 && lines.length > 0 && <Lines lines={lines.slice(from - 1, until).map(numbered)} />}
      </div>
    </section>
  );
}

/** A line as far as somebody would read it: a file may be all on one. */
function cutAround(text: string, column = 1): string {
  if (text.length <= maxLine) return text;
  const start = Math.max(0, column - 60);
  return `${start > 0 ? "\u2026" : ""}${text.slice(start, start + 120)}\u2026`;
}

const maxLine = 240;

interface Limits {
  readonly defaultValue: string;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
}

function Generate() {
  const [isBusy, setBusy] = useState(false);
  const generate = async (fields: FormData) => {
    const [orders = 0, seed = 0, balance = 0] = [...fields.values()].map(Number);
    const world = `one account with ${plural(orders, "order")}, which new API keys get a copy of. The clock stays`;
    if (!(await isReplacementMeant(world))) return;
    setBusy(true);
    await attempt(async () => {
      await api.generateWorld({ orders, seed, balance });
      forgetBroken();
      await loadState();
      showToast(`A world with ${plural(orders, "order")} has replaced the earlier one.`);
    });
    setBusy(false);
  };
  const field = (name: string, label: string, hint: string, limits: Limits) => (
    <Field id={`world-${name}`} label={label} hint={hint}>
      <input id={`world-${name}`} name={name} type="number" required min={0} {...limits} />
    </Field>
  );
  return (
    <section class="card">
      <h2>
        Generate a world <span class="dim">the same seed makes the same world</span>
      </h2>
      <Form class="in form" onSubmit={generate}>
        {field("orders", "Orders", "at most 17,000, with about 100,000 addresses", {
          defaultValue: "200",
          min: 1,
          max: 17_000,
        })}
        {field("seed", "Seed", "a whole number", { defaultValue: "7" })}
        {field("balance", "Balance", "USD", { defaultValue: "1300", step: 0.01 })}
        <Field>
          <Button changes type="submit" disabled={isBusy}>
            {isBusy ? "Generating…" : "Generate and replace"}
          </Button>
        </Field>
      </Form>
    </section>
  );
}

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiProblem, api, baseUrl, type Explanation, type LogEntry, type RuleResult } from "../api.ts";
import { gradeMeanings } from "../generated/texts.ts";
import { connection, now, tick } from "../store.ts";
import { AccountLink, Button, copyText, Prose, TableHead, Time } from "../ui/controls.tsx";
import { clockTime, exactTime, number } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { type Line, Lines, linesOf } from "../ui/json.tsx";
import { useLoaded } from "../ui/load.ts";
import type { LoggedRequest } from "./log.ts";
import {
  answerMarksOf,
  curlNote,
  curlOf,
  cutText,
  headlineOf,
  headOf,
  isRefusedByFault,
  isUndo,
  kindOf,
  marksOf,
  operationText,
  optionsText,
  shownPath,
  whyOf,
} from "./reading.ts";
import { hashOf } from "./selection.ts";

/** One request: why it was answered as it was, what it sent, what came back, and what it changed. */

async function explanationOf({ entry, isCopy }: LoggedRequest): Promise<Explanation> {
  if (isCopy) throw new ApiProblem(404, "The mock has restarted and no longer knows this request.");
  return api.explain(entry.id);
}

export function Detail({ request, onBack }: { request: LoggedRequest; onBack: () => void }) {
  const { entry, key } = request;
  const body = sentLines(entry);
  const sent = [...headOf(entry), ...body];
  // After a reset, another request has the key.
  const [asked, setAsked] = useState(0);
  const { data, problem } = useLoaded(`${key} ${entry.arrivedAt}`, asked, () => explanationOf(request));
  const { durationMs } = data ?? entry;
  useEffect(() => {
    if (durationMs !== null || connection.value.state !== "live") return;
    const timer = setTimeout(() => setAsked(asked + 1), 1_000);
    return () => clearTimeout(timer);
  });
  return (
    <>
      <button class="btn back" type="button" onClick={onBack}>
        ← All requests
      </button>
      <Verdict entry={{ ...entry, durationMs }} changed={data?.changedOrders} />
      <FaultSection entry={entry} />
      <Drift entry={entry} />
      <Rules rules={data?.rules ?? null} problem={problem} entry={entry} />
      <div class="pair">
        <section class="sect">
          <h3>
            Request{" "}
            <span class="dim mono cut" title={entry.path}>
              {entry.method} {shownPath(entry)}
            </span>
          </h3>
          {sent.length > 0 && <Lines lines={sent} />}
          {body.length === 0 && entry.sentNote === undefined && (
            <p class="calm">{isQuery(entry) ? "No query." : "No body."}</p>
          )}
          {entry.sentNote && <p class="calm">{entry.sentNote}</p>}
        </section>
        <section class={`sect ${entry.fault?.altered ? "faulted" : ""}`}>
          <h3>Answer {entry.status !== null && <span class="dim">HTTP {entry.status}</span>}</h3>
          {entry.status === null ? (
            <p class="calm">No answer was delivered.</p>
          ) : (
            <Lines lines={answeredLines(entry)} />
          )}
        </section>
      </div>
      <Changes explanation={data} />
    </>
  );
}

/** The query of a GET, or the body: also as it was sent, if its value is not all of it. */
function sentLines(entry: LogEntry): Line[] {
  const { sent, sentText } = entry;
  if (sent === "") return [];
  if (isQuery(entry)) {
    const marks = marksOf(entry).map(({ path, note }) => [path, { text: "missing", note }] as const);
    const fields = Object.entries(sent as object).map(
      ([name, value]) => [name, { text: String(value) }] as const,
    );
    const lines = new Map<string, Line>(marks);
    for (const [name, line] of fields) lines.set(name, { ...lines.get(name), ...line });
    return [...lines].map(([name, line]) => ({ dim: `query ${name}: `, ...line }));
  }
  if (sentText === undefined) return linesOf(sent, marksOf(entry));
  if (typeof sent === "string") return linesOf(cutText(sentText), marksOf(entry));
  return [
    { dim: "as it was sent: ", text: cutText(sentText) },
    { dim: "as it was read:" },
    ...linesOf(sent, marksOf(entry)),
  ];
}

/** The headers and the body of the answer, with what faults made of them. */
function answeredLines(entry: LogEntry): Line[] {
  const { answered, answerHeaders, fault } = entry;
  const marks = answerMarksOf(entry);
  const isSet = (name: string) =>
    name === "retry-after" || Object.hasOwn(fault?.fault.http?.headers ?? {}, name);
  return [
    ...Object.entries(answerHeaders).map(([name, value]) =>
      fault && isSet(name)
        ? { text: `${name}: ${value}`, note: "set by the fault" }
        : { dim: `${name}: ${value}` },
    ),
    ...linesOf(answered === "" ? "no body" : answered, marks),
  ];
}

/** Whether the fields are those of a query. */
function isQuery({ method, operation }: LogEntry): boolean {
  return method === "GET" && operation !== null;
}

/** Whether the mock's clock showed another time than the machine's, or does now. */
function isElsewhere({ at, arrivedAt }: LogEntry): boolean {
  const ahead = [Date.parse(at) - Date.parse(arrivedAt), now.value - tick.value];
  return ahead.some((each) => Math.abs(each) > 60_000);
}

function Verdict({ entry, changed }: { entry: LogEntry; changed: number | undefined }) {
  const link = `${baseUrl}/${hashOf(entry)}`;
  const ignored = entry.decided.ignored;
  return (
    <div class={`verdict ${kindOf(entry)}`}>
      <h2>{headlineOf(entry, changed)}</h2>
      <p>{whyOf(entry)}</p>
      {ignored.length > 0 && <p class="dim">Unknown fields, ignored: {ignored.join(", ")}</p>}
      <p class="dim parts">
        <span>
          {entry.id} {clockTime(entry.arrivedAt)} UTC, <Time at={entry.arrivedAt} by={tick} />
        </span>
        <span>
          {entry.durationMs === null ? "still being sent" : `sent after ${number(entry.durationMs)} ms`}
        </span>
        <span>{entry.account === null ? "no account" : <AccountLink id={entry.account} />}</span>
        <span>{operationText(entry)}</span>
        {entry.origin === "control API" && <span>sent through the control API</span>}
        {isElsewhere(entry) && <span>by the mock’s clock {exactTime(entry.at)}</span>}
      </p>
      <div class="acts">
        <button
          class="btn"
          type="button"
          data-copy-curl
          onClick={() => copyText(curlOf(entry), curlNote(entry))}
        >
          Copy as curl
        </button>
        <Button onClick={() => copyText(link, `Copied: ${link}`)}>Copy link</Button>
      </div>
    </div>
  );
}

const sources = {
  header: "requested by the prefer header of this request",
  "order ID": "requested by an order ID of this request",
  queue: "queued before",
} as const;

const fates: Partial<Record<string, string>> = { done: "carried out", forwarded: "forwarded" };

function FaultSection({ entry: { fault, decided } }: { entry: LogEntry }) {
  if (!fault) return null;
  return (
    <section class="sect">
      <h3>Fault</h3>
      <div class="calm fault">
        {fault.triggers.map(({ name, by, id, options }) => (
          <p key={name + (id ?? "")}>
            <strong class="mono">{name}</strong>
            {options && ` (${optionsText(options)})`}, {sources[by]}
            {id === undefined ? "" : ` (${id})`}.
          </p>
        ))}
        <p>
          The request was {fates[decided.outcome] ?? "not carried out"}.
          {fault.delivered && ` Delivery: ${fault.delivered}.`}
          {fault.altered && ` Changed in the answer: ${alteredText(fault.altered)}.`}
        </p>
      </div>
    </section>
  );
}

function alteredText(altered: readonly { readonly path: string }[]): string {
  const names = altered.map(({ path }) => path || "all of it");
  return names.slice(0, 5).join(", ") + (names.length > 5 ? ` and ${number(names.length - 5)} more` : "");
}

function Drift({ entry: { drift } }: { entry: LogEntry }) {
  if (drift === undefined || drift.length === 0) return null;
  return (
    <section class="sect">
      <h3>
        Differences from the contract <span class="dim">of request and answer</span>
      </h3>
      <ul class="card lines">
        {drift.map(({ direction, level, part, path, message }, index) => (
          <li key={index}>
            <span class={level === "emits" ? "dim" : "bad"}>{direction}</span>{" "}
            <code>{part === "body" ? path || "body" : part}</code>: {message}
          </li>
        ))}
      </ul>
    </section>
  );
}

const results = {
  satisfied: { icon: "done", text: "Satisfied", style: "" },
  broken: { icon: "refused", text: "Broken", style: "broken" },
  "not tried": { icon: "skipped", text: "Not tried", style: "dim" },
} as const;

interface RulesProps {
  readonly rules: readonly RuleResult[] | null;
  readonly problem: string | null;
  readonly entry: LogEntry;
}

function Rules({ rules, problem, entry }: RulesProps) {
  const missing = whyNoRules(rules, problem, entry);
  return (
    <section class="sect rules-section">
      <h3>Rules {missing === null && <span class="dim">{rulesNote(entry)}</span>}</h3>
      {missing === null && rules ? (
        <>
          <ol class="rules">
            {rules.map((rule) => (
              <Rule key={rule.id} rule={rule} />
            ))}
          </ol>
          <Grades used={[...new Set(rules.map(({ grade }) => grade))]} />
        </>
      ) : (
        <p class="calm">{missing}</p>
      )}
    </section>
  );
}

/** The meaning of the grades, in a place that can be reached without a pointer. */
function Grades({ used }: { used: readonly RuleResult["grade"][] }) {
  return (
    <details class="grades">
      <summary>How sure is a rule?</summary>
      <dl>
        {used.map((grade) => (
          <div key={grade}>
            <dt>{grade}</dt>
            <dd>{gradeMeanings[grade]}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function rulesNote(entry: LogEntry): string {
  const { outcome } = entry.decided;
  if (isRefusedByFault(entry)) return "none was tried: the fault refused the request before";
  if (outcome === "faulted") return "they did not decide: the fault kept the request out";
  if (outcome === "problem") return "none was tried: the request was rejected before";
  return "tried in this order; the first broken one answers";
}

/** `null` if there are some. */
function whyNoRules(rules: RulesProps["rules"], problem: string | null, entry: LogEntry): string | null {
  if (rules === null) {
    if (problem === null) return "Loading…";
    return connection.value.state === "gone" ? "They had not been loaded when the mock went away." : problem;
  }
  if (entry.decided.outcome === "forwarded") return "Another server decided.";
  if (rules.length > 0) return null;
  if (isUndo(entry)) return "An undo has no rules.";
  if (entry.operation === null) return "No rule was tried: no operation has this method and path.";
  return "This operation has no rules.";
}

function Rule({ rule: { claim, grade, code, result } }: { rule: RuleResult }) {
  const { icon, text, style } = results[result];
  return (
    <li class={style}>
      <span class="res">
        <Icon name={icon} />
        <span class="hide-s">{text}</span>
      </span>
      <span class="claim">
        <Prose text={claim} />
      </span>
      <span class="small hide-s">error {code}</span>
      <span class={`grade ${grade}`} title={gradeMeanings[grade]}>
        {grade}
      </span>
    </li>
  );
}

function Changes({ explanation }: { explanation: Explanation | null }) {
  // What another server changed is not known here.
  if (explanation === null || explanation.decided.outcome === "forwarded" || explanation.drift) return null;
  const { changes, changedOrders } = explanation;
  const rest = changedOrders - changes.length;
  return (
    <section class="sect">
      <h3>State changes</h3>
      {changes.every(({ ipAddresses }) => ipAddresses === 0) ? (
        <p class="calm">Nothing changed.</p>
      ) : (
        <div class="card">
          <table>
            <TableHead columns={[["Order"], ["Addresses", "num"], ["Auto-extend"], ["Period"]]} />
            <tbody>
              {changes.map(({ orderId, ipAddresses, autoExtend, rentPeriodDays }) => (
                <tr key={orderId}>
                  <td class="mono">{orderId}</td>
                  <td class="num">{number(ipAddresses)}</td>
                  <td>{fromTo(autoExtend, (isOn) => (isOn ? "on" : "off"))}</td>
                  <td>{fromTo(rentPeriodDays, (days) => `${days} d`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {rest > 0 && <p class="more">{number(rest)} more orders are not listed.</p>}
        </div>
      )}
    </section>
  );
}

function fromTo<Value>(
  change: { readonly from: readonly Value[]; readonly to: readonly Value[] } | undefined,
  textOf: (value: Value) => string,
): ComponentChildren {
  if (!change) return <span class="dim">unchanged</span>;
  return (
    <>
      <span class="dim">{change.from.map(textOf).join(", ")}</span> →{" "}
      <strong>{change.to.map(textOf).join(", ")}</strong>
    </>
  );
}

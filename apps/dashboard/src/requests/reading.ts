import { baseUrl, hasToken, type LogEntry } from "../api.ts";
import { number, plural } from "../ui/format.ts";
import type { IconName } from "../ui/icons.tsx";
import type { Line, Mark } from "../ui/json.tsx";

/** How a logged request is put into words. */

export type Kind = Extract<IconName, "done" | "refused" | "problem" | "faulted" | "forwarded">;

export function kindOf(entry: LogEntry): Kind {
  const { decided, drift } = entry;
  if (hasStruck(entry)) return "faulted";
  if (decided.outcome === "forwarded" && drift?.some(({ level }) => level !== "emits")) return "problem";
  return decided.outcome;
}

/** Whether a fault did anything: a limit does nothing to the requests that it lets through. */
function hasStruck({ fault, decided }: LogEntry): boolean {
  if (!fault || decided.outcome === "faulted" || fault.delivered !== "") return fault !== null;
  return !fault.triggers.every(({ name }) => name.startsWith("limit"));
}

export function badgeOf(entry: LogEntry): readonly [word: string, code: string] {
  const { decided, status, answered } = entry;
  const http = status === null ? "no answer" : `HTTP ${status}`;
  const isForwarded = decided.outcome === "forwarded";
  switch (kindOf(entry)) {
    case "done":
      return ["Done", ""];
    case "refused":
      return ["Refused", `error ${decided.code}`];
    case "faulted": {
      const code = errorOf(answered)?.code;
      return ["Fault", code === undefined ? http : `error ${code}`];
    }
    case "forwarded":
      return ["Forwarded", http];
    case "problem":
      return isForwarded ? ["Drift", http] : ["Problem", http];
  }
}

/** The operation; without one, the reason. */
export function operationText(entry: LogEntry): string {
  if (entry.operation !== null) return entry.operation;
  if (isUndo(entry)) return "Undo";
  return problemOf(entry)?.part === "method" ? "Wrong method" : "Unknown path";
}

/** Whether somebody took a switch back: the control API logs nothing else without an operation. */
export function isUndo({ operation, origin }: LogEntry): boolean {
  return operation === null && origin === "control API";
}

/** The request in a few words: "IPv4 · on · 30 d · 11111". */
export function subjectOf(entry: LogEntry): string {
  const { operation, sent, sentHeaders } = entry;
  if (operation === null) {
    return isUndo(entry) ? undoneOrder(entry) : `${entry.method} ${shownPath(entry)}`;
  }
  if (problemOf(entry)?.path.startsWith("content-")) return sentHeaders["content-type"] ?? "no content-type";
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) return bodyKind(entry);
  const fields = sent as Record<string, unknown>;
  const { proxyType, autoExtend, rentPeriodDays } = fields;
  return [
    typeof proxyType === "string" ? proxyType : undefined,
    autoExtend === undefined ? undefined : switchText(autoExtend),
    rentPeriodDays === undefined ? undefined : `${String(rentPeriodDays)} d`,
    idsText(fields),
  ]
    .filter((part) => part !== undefined && part !== "")
    .join(" \u00b7 ");
}

/** A body that is no object. */
function bodyKind({ sent, sentText, sentNote }: LogEntry): string {
  if (sent === "") return sentNote === undefined ? "no body" : "a body that was not read";
  if (typeof sent === "string") return sentText === undefined ? "unreadable body" : "a JSON string";
  return Array.isArray(sent) ? "a list" : String(sent);
}

function undoneOrder({ path }: LogEntry): string {
  return `order ${decodeURIComponent(/orders\/([^/]*)/.exec(path)?.[1] ?? "")}`;
}

export function whoOf({ account }: LogEntry): string {
  return account?.replace(/^account-/, "") ?? "no account";
}

function switchText(value: unknown): string {
  if (value === true) return "on";
  return value === false ? "off" : JSON.stringify(value);
}

function idsText({ orderIds, ipAddressIds }: Record<string, unknown>): string {
  const named = orderIds ?? ipAddressIds;
  if (named !== undefined && !Array.isArray(named)) return JSON.stringify(named);
  const sent: unknown[] = named ?? [];
  const ids = [...new Set(sent)];
  const more = sent.length > ids.length ? ", repeated" : "";
  if (ids.length <= 1) return String(ids[0] ?? "") + more;
  const count = Array.isArray(orderIds)
    ? plural(ids.length, "order")
    : plural(ids.length, "address", "addresses");
  return count + more;
}

/** A path with a name in the place of the key, and without what all right ones begin with. */
export function shownPath(entry: LogEntry): string {
  return keyNamed(entry).replace(usualStart, "\u2026");
}

const usualStart = "/client/api/v1/{apiKey}";

function keyNamed({ path }: LogEntry): string {
  return path.replace("[redacted]", "{apiKey}");
}

/** The chosen options of a fault: "code 29, message no, really". */
export function optionsText(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

/** The reason for the answer, on one line. */
export function reasonOf(entry: LogEntry): string {
  const { fault, decided } = entry;
  if (fault && hasStruck(entry)) return `${faultNames(entry)}: ${fault.delivered || decided.why}`;
  const reason = problemOf(entry)?.message ?? decided.why;
  // Another start is what may be wrong.
  return keyNamed(entry).startsWith(usualStart) ? reason.replace(usualStart, "\u2026") : reason;
}

type FieldIssue = NonNullable<LogEntry["decided"]["issues"]>[number];

/** The place at fault, if the request never reached the rules. */
function problemOf({ decided: { outcome, issues } }: LogEntry): FieldIssue | undefined {
  return outcome === "problem" ? issues?.[0] : undefined;
}

/** The faults of a request: "slow + gateway-502". */
function faultNames({ fault }: LogEntry): string {
  return fault?.triggers.map(({ name }) => name).join(" + ") ?? "";
}

/** The reason in full. Of a wrong path, the place is marked, and the answer lists all right ones. */
export function whyOf(entry: LogEntry): string {
  const problem = problemOf(entry);
  return problem?.part === "path" ? problem.message : entry.decided.why;
}

/** Whether the request may have changed orders. */
export function canChange(entry: LogEntry): boolean {
  return isUndo(entry) || (entry.decided.outcome === "done" && entry.operation?.startsWith("set") === true);
}

export function headlineOf(entry: LogEntry, changed: number | undefined): string {
  const { decided, status, answered } = entry;
  if (decided.outcome === "refused") {
    const by = isRefusedByFault(entry) ? ` by the fault ${faultNames(entry)}` : "";
    return `Refused${by}: error ${decided.code}, ${errorOf(answered)?.message ?? "without a message"}`;
  }
  if (decided.outcome === "problem") return `Rejected before the rules: HTTP ${status} ${titleOf(answered)}`;
  if (decided.outcome === "forwarded") return forwardedText(entry);
  const names = faultNames(entry);
  if (decided.outcome === "faulted") return `Not carried out because of ${names}`;
  if (hasStruck(entry)) {
    return status === null
      ? "Carried out, but no answer was delivered"
      : `Carried out, with the fault ${names}`;
  }
  if (changed === undefined || !canChange(entry)) return "Done";
  return changed > 0 ? `Done: ${plural(changed, "order")} changed` : "Done: nothing had to change";
}

/** Whether a fault refused the request before any rule was tried. */
export function isRefusedByFault({ decided }: LogEntry): boolean {
  return decided.outcome === "refused" && decided.statement?.startsWith("fault/") === true;
}

function forwardedText({ drift = [], status }: LogEntry): string {
  const found = drift.length === 0 ? "within the contract" : plural(drift.length, "difference");
  return `Forwarded: HTTP ${status ?? "without an answer"}, ${found}`;
}

function errorOf(
  answered: unknown,
): { readonly code?: unknown; readonly message?: string } | null | undefined {
  return (Object(answered) as { error?: { code?: unknown; message?: string } | null }).error;
}

function titleOf(answered: unknown): string {
  const { title } = Object(answered) as { title?: unknown };
  return typeof title === "string" ? title : "";
}

/** The lines above the body that matter: method and path if they are at fault, and the headers that decide. */
export function headOf(entry: LogEntry): Line[] {
  const { method, sentHeaders } = entry;
  const [issue] = entry.decided.issues ?? [];
  const { part, path = "" } = issue ?? {};
  const isMissing = part === "header" && sentHeaders[path] === undefined;
  const headers = isMissing ? { [path]: "missing", ...sentHeaders } : sentHeaders;
  return [
    ...(issue && (part === "method" || part === "path")
      ? [{ text: `${method} ${keyNamed(entry)}`, note: noteOf(issue) }]
      : []),
    ...Object.entries(headers).map(([name, value]) =>
      issue && part === "header" && name === path
        ? { text: `${name}: ${value}`, note: noteOf(issue) }
        : { dim: `${name}: ${value}` },
    ),
  ];
}

function noteOf({ message, expected }: FieldIssue): string {
  return expected ? `should be ${expected}` : message;
}

/** The places in the body that are at fault, and what each should have been. */
export function marksOf(entry: LogEntry): readonly Mark[] {
  const { decided, sent, sentText } = entry;
  const { issues = [], later = [] } = decided;
  const [first] = issues;
  if (first?.part === "body") {
    return first.line === undefined ? [] : [{ path: `line ${first.line}`, note: first.message }];
  }
  if (first === undefined) return driftMarks(entry, "request");
  if (first.part !== undefined) return [];
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) {
    const note = sentText === undefined ? "should be a JSON object" : "should be a JSON object, not a string";
    return [{ path: typeof sent === "string" ? "line 1" : "", note }];
  }
  return [
    ...issues.map((issue) => ({ path: issue.path, note: noteOf(issue) })),
    ...later.map((issue) => ({ path: issue.path, note: `refused next: ${noteOf(issue)}` })),
  ];
}

/** The fields of a forwarded body that differ from the contract. */
function driftMarks({ drift = [] }: LogEntry, of: "request" | "answer"): readonly Mark[] {
  return drift
    .filter(({ direction, part, path }) => direction === of && part === "body" && path !== "")
    .map(({ path, message }) => ({ path, note: message }));
}

/** The places in the answer that say that the request failed, or that faults changed, and what each was without them. */
export function answerMarksOf(entry: LogEntry): readonly Mark[] {
  const { answered, decided, fault } = entry;
  const whole = typeof answered === "string" ? "line 1" : "";
  return [
    ...(fault?.altered ?? []).map(({ path, usual }) => ({
      path: path || whole,
      note:
        usual === undefined
          ? "added by the fault"
          : `without the fault: ${cutText(JSON.stringify(usual), 300)}`,
    })),
    ...driftMarks(entry, "answer"),
    ...(decided.outcome === "refused" ? [{ path: "error", note: "" }] : []),
  ];
}

/** A text, or its beginning and how much more there is. */
export function cutText(text: string, maxLength = 5_000): string {
  return text.length > maxLength
    ? `${text.slice(0, maxLength)} \u2026 (${number(text.length - maxLength)} more)`
    : text;
}

/**
 * Commands that repeat the request. A queued fault is asked for by a header, or queued again if no header can ask for the same. No log
 * has the API key and the control token: the shell takes them from `API_KEY` and `CONTROL_TOKEN`.
 */
export function curlOf(entry: LogEntry): string {
  const { method, origin, operation, path, sentHeaders, fault } = entry;
  const queued = fault?.triggers.filter(({ by }) => by === "queue") ?? [];
  const [only] = queued;
  const isPreset = only && only.name !== only.id && fault?.triggers.length === 1 && !fault.fault.limit;
  const prefer = preferHeader(only?.name ?? "", only?.options ?? {});
  const isAsked = isPreset && sentHeaders.prefer === undefined && fitsHeader(prefer);
  const headers = isAsked ? { ...sentHeaders, prefer } : sentHeaders;
  const { answer, ...rest } = fault?.fault ?? {};
  const [change, ...changes] = [answer ?? []].flat();
  const faults = [{ ...rest, answer: change }, ...changes.map((each) => ({ answer: each }))];
  const queue = faults.map((each) =>
    command("POST", "/__mock/faults", jsonType, JSON.stringify({ fault: each, times: 1 })),
  );
  // The control API logs the request that it sends in place of its own.
  const isCall = origin === "control API" && operation !== null;
  const body = isCall ? JSON.stringify({ operation, request: entry.sent }) : bodyText(entry);
  return [...(only && !isAsked ? queue : []), command(method, path, headers, body)].join(" &&\n");
}

const jsonType = { "content-type": "application/json" };

function command(method: string, path: string, headers: LogEntry["sentHeaders"], body: string): string {
  const root = path.startsWith("/__mock/") ? baseUrl : new URL(baseUrl).origin;
  const url = shellWord(`${root}${path}`).replaceAll("[redacted]", `'"\${API_KEY:?}"'`);
  const hasBody = method !== "GET" && method !== "HEAD";
  // curl calls a body a form unless a header says otherwise.
  const isUntyped = hasBody && headers["content-type"] === undefined;
  const needsToken = path.startsWith("/__mock/") && hasToken();
  return [
    // Without -g, curl would take brackets for a list of URLs.
    `curl -s ${/[[\]{}]/.test(path.replaceAll("[redacted]", "")) ? "-g " : ""}${methodOption(method)}${url}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${shellWord(`${name}: ${value}`)}`),
    ...(needsToken ? [`-H "authorization: Bearer \${CONTROL_TOKEN:?}"`] : []),
    ...(isUntyped ? ["-H 'content-type:'"] : []),
    // A shell has no zero bytes. They come in compressed bodies, which nobody reads: the mock refuses them.
    ...(hasBody ? [`--data-raw ${shellWord(body.replaceAll("\0", ""))}`] : []),
  ].join(" \\\n  ");
}

function bodyText({ sent, sentText }: LogEntry): string {
  return sentText ?? (typeof sent === "string" ? sent : JSON.stringify(sent));
}

/** A remark for whoever has copied the command. */
export function curlNote(entry: LogEntry): string {
  const { sentText, sentNote, fault } = entry;
  const body = bodyText(entry);
  const text = curlOf(entry);
  const lacks = [
    sentText === undefined && sentNote,
    body.includes("[redacted]") && "Secrets in the body were removed.",
    body.includes("\0") && "A shell has no zero bytes.",
  ].filter((each) => each);
  return [
    "Copied as curl.",
    ...(text.includes("${API_KEY") ? ["Set API_KEY: the key is not in the log."] : []),
    ...(text.includes("${CONTROL_TOKEN") ? ["Set CONTROL_TOKEN: it is not copied."] : []),
    ...(text.includes("/__mock/faults") ? ["The first command queues the fault again."] : []),
    ...(fault?.fault.limit ? ["What a limit refuses depends on the requests before."] : []),
    ...(lacks.length > 0 ? ["This is not what was sent.", ...lacks] : []),
  ].join(" ");
}

function methodOption(method: string): string {
  // With -X, curl would wait for a body that HEAD never gets.
  if (method === "HEAD") return "--head ";
  return method === "GET" || method === "POST" ? "" : `-X ${shellWord(method)} `;
}

/** The value of a `Prefer` header that asks for faults. */
export function preferHeader(names: string, options: Readonly<Record<string, unknown>>): string {
  const chosen = Object.entries(options).map(([name, value]) => `; ${name}=${quotedIf(/[\s;,"]/, value)}`);
  return `fault=${names}${chosen.join("")}`;
}

/** Whether a text can be the value of a header: a line break would end it. */
export function fitsHeader(text: string): boolean {
  return !/[^\P{Cc}\t]/u.test(text);
}

/** A value in quotes if it has a character that would end it, as the mock reads headers and order IDs. */
export function quotedIf(ends: RegExp, value: unknown): string {
  const text = String(value);
  return ends.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : text;
}

/** A text as one word for a shell, whatever is in it. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const haystacks = new WeakMap<LogEntry, string>();

/** All that a search looks at, in lower case. Of large bodies only the beginning. */
export function searchTextOf(entry: LogEntry): string {
  let text = haystacks.get(entry);
  if (text === undefined) {
    const { id, path, account, origin, sent, sentText, sentHeaders, answered, answerHeaders } = entry;
    const shown = [
      operationText(entry),
      subjectOf(entry),
      whoOf(entry),
      reasonOf(entry),
      headlineOf(entry, undefined),
      ...badgeOf(entry),
    ];
    const parts = [sent, sentText, sentHeaders, answered, answerHeaders].map((part) =>
      JSON.stringify(part)?.slice(0, 20_000),
    );
    text = [id, path, account, origin, whyOf(entry), ...shown, ...parts].join(" ").toLowerCase();
    haystacks.set(entry, text);
  }
  return text;
}

import {
  checkAnswer,
  type Finding,
  foreignLine,
  foreignText,
  type OperationId,
  type RawAnswer,
  type Redactor,
  specOf,
  throwIfAborted,
} from "@auto-extend/core";
import { gradeOf, type ServerCase, type Step, type StepRequest } from "../cases/case.js";
import { showAt } from "../cases/expectations.js";
import type { CaseProblem, Exchange, Problem, Remark, ServerCaseResult, Skip } from "../report/report.js";
import {
  type Comparison,
  judgeState,
  ordersIn,
  type Reading,
  readAccount,
  type StateVerdict,
  stateOfOrder,
} from "./account.js";
import { exchange, type NoAnswer, urlOf } from "./exchange.js";
import { type CheckedTarget, withoutCutOff } from "./target.js";

export interface Session {
  readonly target: CheckedTarget;
  readonly before: Reading;
  latest: Reading;
  /** Whether a request since then may have changed the account. */
  isStale: boolean;
  /** The orders that a request has named which could switch them. */
  readonly touched: Set<string>;
  /** The orders that a request without an answer may still switch on. */
  readonly unanswered: Set<string>;
  /** The IP addresses that could not be restored so far. The end of the run tries again. */
  readonly stuck: Set<string>;
  /** How often reading the list a second time did not help. */
  vainRereads: number;
}

export async function runCase(serverCase: ServerCase, steps: readonly Step[], session: Session) {
  const { target } = session;
  const { redact } = target;
  const isHarmless = serverCase.safety === "harmless";
  const begin = Date.now();
  const outcomes: StepOutcome[] = [];
  if (steps.some(({ leaves }) => leaves)) await refresh(session);
  // A failed step does not end the case, because later steps may be the ones that restore the state.
  for (const step of steps) {
    throwIfAborted(target.signal);
    if (!isHarmless) noteTouched(step.send, session);
    if (step.leaves) session.isStale = true;
    const answer = await exchange(step.send, isHarmless ? target : withoutCutOff(target));
    if (!isHarmless && "failure" in answer && answer.mayBeCarriedOut) noteUnanswered(step.send, session);
    const earlier = outcomes.map(({ answer }) => answer);
    outcomes.push(await judgeStep(step, answer, { serverCase, session, earlier }));
  }
  const problems = outcomes.flatMap((outcome, index) =>
    outcome.problems.map((problem): CaseProblem => ({ ...shownProblem(problem, redact), exchange: index })),
  );
  const hasFailed = problems.length > 0;
  const { unchecked = null } = outcomes.find((outcome) => outcome.unchecked !== null) ?? {};
  const { id, title, grade, statements } = serverCase;
  const result: ServerCaseResult = {
    id,
    title,
    grade,
    statements,
    outcome: hasFailed ? "failed" : "passed",
    problems,
    exchanges: hasFailed ? outcomes.map(({ exchange: shown }) => shown()) : [],
    unchecked: unchecked === null ? null : foreignLine(unchecked, redact),
    skipped: null,
    duration: Math.max(0, Date.now() - begin),
  };
  const remarks = outcomes.flatMap((each) => each.remarks);
  return { result, remarks, answers: outcomes.map(({ answer }) => answer) };
}

export function skippedCase({ id, title, grade, statements }: ServerCase, skipped: Skip): ServerCaseResult {
  const nothing = { problems: [], exchanges: [], unchecked: null, duration: 0 } as const;
  return { id, title, grade, statements, outcome: "skipped", ...nothing, skipped };
}

/** Reads the account again if a request may have changed it, unless its list could not be read from the start. */
export async function refresh(session: Session): Promise<void> {
  const isCurrent = !session.isStale && session.latest.failure === null;
  if (session.before.failure !== null || isCurrent) return;
  session.latest = await readAccount(withoutCutOff(session.target));
  session.isStale = false;
}

interface StepOutcome extends StateVerdict {
  readonly answer: RawAnswer | undefined;
  readonly remarks: readonly Omit<Remark, "by">[];
  readonly exchange: () => Exchange;
}

interface StepContext {
  readonly serverCase: ServerCase;
  readonly session: Session;
  readonly earlier: readonly (RawAnswer | undefined)[];
}

async function judgeStep(
  step: Step,
  received: RawAnswer | NoAnswer,
  { serverCase, session, earlier }: StepContext,
): Promise<StepOutcome> {
  const { target } = session;
  const { send, expect, leaves } = step;
  const exchange = () => shownExchange(step, received, target);
  if ("failure" in received) {
    // The network may be to blame, so that nothing is contradicted.
    const message = `is missing (${received.failure}); expected ${expect.expected}`;
    const missing = { at: "answer", message, actual: null, level: null, contradicts: [] };
    return { answer: undefined, problems: [missing], remarks: [], unchecked: null, exchange };
  }
  const findings = expect.isEnvelope
    ? checkAnswer(
        send.operation,
        { request: send.json, ...received },
        { ...target, level: "lawful", emits: specOf(send.operation).emits },
      )
    : [];
  const failing = findings.filter((finding) => fails(finding, serverCase));
  const others = findings.filter((finding) => !failing.includes(finding));
  const problems = [
    ...failing.map((finding) => problemOf(finding, received)),
    ...expect.judge(received, { earlier, findings: failing }),
  ];
  const answered = { answer: received, remarks: others.map((each) => remarkOf(send, each)), exchange };
  // An unreadable list leaves nothing open about a step that claims nothing of the state.
  const isOpen = leaves && (leaves.claims.length > 0 || session.latest.failure === null);
  if (!isOpen) return { ...answered, problems, unchecked: null };
  const parts = { operation: send.operation, answer: received, isSound: problems.length === 0, leaves };
  const verdict = await verdictOnState(parts, session);
  return { ...answered, problems: [...problems, ...verdict.problems], unchecked: verdict.unchecked };
}

/** A finding fails a case, unless it contradicts only an assumption that the case is not about. */
function fails({ level, statement }: Finding, { statements }: ServerCase): boolean {
  if (level !== "lawful") return level === "accepts";
  return statement === null || statements.includes(statement) || gradeOf(statement) !== "assumed";
}

function problemOf({ part, path, message, level, statement }: Finding, answer: RawAnswer): Problem {
  return {
    at: placeOf(part, path),
    message,
    actual: part === "body" ? ("json" in answer.body ? showAt(answer.body.json, path) : answer.text) : null,
    level: level === "emits" ? null : level,
    contradicts: statement === null ? [] : [statement],
  };
}

function remarkOf({ operation }: StepRequest, { part, path, message, level }: Finding): Omit<Remark, "by"> {
  const at = placeOf(part, path).replace(/\[\d+\]/g, "[]");
  return {
    operation: operation.id as OperationId,
    at,
    message,
    level: level === "lawful" ? "lawful" : "emits",
  };
}

function placeOf(part: string, path: string): string {
  if (path === "") return part;
  return path.startsWith("[") ? part + path : `${part}.${path}`;
}

/** How often a list that may lag behind gets a second chance, if it does not use it. */
const maxVainRereads = 3;

/** Reads the account, and once more after a pause if it is not as it should be: a list may lag behind. */
async function verdictOnState(
  parts: Omit<Comparison, "before" | "after">,
  session: Session,
): Promise<StateVerdict> {
  const before = session.latest;
  const judge = async () => {
    await refresh(session);
    return judgeState({ ...parts, before, after: session.latest });
  };
  const verdict = await judge();
  if (verdict.problems.length === 0 || session.vainRereads === maxVainRereads) return verdict;
  await session.target.sleep(session.target.rereadDelayMs, undefined);
  session.isStale = true;
  const second = await judge();
  if (second.problems.length > 0) session.vainRereads++;
  return second;
}

/** Remembers that a request may change the account, and which orders. */
function noteTouched(request: StepRequest, session: Session): void {
  const { before, touched, target } = session;
  if (request.method === "GET" && request.operation.method === "GET") return;
  session.isStale = true;
  for (const orderId of ordersIn(request, before)) {
    if (touched.has(orderId)) continue;
    touched.add(orderId);
    const isOwn = target.orders.some((order) => order.orderId === orderId);
    if (isOwn) target.onTouched?.(stateOfOrder(orderId, before));
  }
}

/** Remembers the orders that a request may still switch on, although no answer came. */
function noteUnanswered(request: StepRequest, { before, unanswered }: Session): void {
  const { autoExtend } = Object(request.json) as { readonly autoExtend?: unknown };
  if (autoExtend !== true) return;
  for (const orderId of ordersIn(request, before)) unanswered.add(orderId);
}

/** Characters of a text and of a line, such as a place or a header; headers of an answer. */
const limits = { text: 2_000, line: 500, headers: 50 };

// IDs and titles are the contract's own words, and an API key that is one of them must not garble the report.
function shownProblem(problem: Problem, redact: Redactor): Problem {
  const { at, message, actual } = problem;
  return {
    ...problem,
    at: foreignLine(at, redact, limits.line),
    message: shownText(message, redact),
    actual: actual === null ? null : shownText(actual, redact),
  };
}

function shownExchange(
  { send, expect }: Step,
  received: RawAnswer | NoAnswer,
  target: CheckedTarget,
): Exchange {
  const { redact } = target;
  const { method, headers, body = null } = send;
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
  return {
    sent: {
      ...redact.value({ method, url: urlOf(send, target), headers }),
      body: text === null ? null : shownText(text, redact),
    },
    expected: redact.text(expect.expected),
    received:
      "failure" in received
        ? { failure: received.failure }
        : {
            status: received.status,
            headers: shownHeaders(received.headers, redact),
            body: shownText(received.text, redact),
          },
  };
}

function shownHeaders(headers: RawAnswer["headers"], redact: Redactor): RawAnswer["headers"] {
  const first = Object.fromEntries(Object.entries(headers).slice(0, limits.headers));
  const line = (text: string) => foreignLine(text, redact, limits.line);
  return Object.fromEntries(
    Object.entries(redact.value(first)).map(([name, value]) => [line(name), line(value)]),
  );
}

function shownText(text: string, redact: Redactor): string {
  const clean = foreignText(text, redact, limits.text + 1);
  return clean.length > limits.text
    ? `${clean.slice(0, limits.text)}... (${text.length} characters in total)`
    : clean;
}

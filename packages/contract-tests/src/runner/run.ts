import { allStatements, foreignLine, grades, setAutoExtend, throwIfAborted } from "@auto-extend/core";
import type { ServerCase, Step } from "../cases/case.js";
import { errorCodeOf, objectIn } from "../cases/expectations.js";
import { harmlessRequest } from "../cases/operations/set-auto-extend.js";
import { serverCases } from "../cases/server-cases.js";
import { requestOf, ruleOf } from "../cases/steps.js";
import type {
  ContradictedStatement,
  NotRestored,
  Remark,
  ServerCaseResult,
  ServerReport,
  Skip,
} from "../report/report.js";
import { hasKnownState, notRead, readAccount, withAddresses } from "./account.js";
import { exchange, reach } from "./exchange.js";
import { type LearnedOrders, learnOrders, orderIdsIn } from "./learn.js";
import { mayStillBeSwitchedOn, restore, switchUnknownOff } from "./restore.js";
import { refresh, runCase, type Session, skippedCase } from "./run-case.js";
import { type CheckedTarget, checkTarget, type ServerTarget, TargetError, uninterrupted } from "./target.js";

/**
 * Checks a server against the contract, one request after the other. Off loopback, cases that a server could act on need
 * `allowChanges` and `orders`. Orders that a case changes are restored after it; the report lists what could not be.
 *
 * @throws TargetError if the target cannot be tested; the reason of `signal` once it is aborted.
 */
export async function runServerCases(target: ServerTarget): Promise<ServerReport> {
  const checked = checkTarget(target);
  const cases = chosenCases(checked);
  const { redact, signal } = checked;
  const reached = await reach(checked);
  if ("failure" in reached) {
    const what = `No server answers at ${checked.baseUrl}: ${reached.failure}.`;
    const advice = "Check the address, and whether the server is running.";
    throw new TargetError("unreachable", redact.text(`${what} ${advice}`));
  }
  const isListNeeded = checked.allowChanges || cases.some(needsList);
  throwIfAborted(signal);
  // Before any other request: what a faulty server does from here on must show.
  const before = isListNeeded ? await readAccount(checked) : notRead("no case needs it");
  await checkApiKey(checked);
  const session: Session = {
    target: checked,
    before,
    latest: before,
    isStale: false,
    touched: new Set(),
    unanswered: new Set(),
    stuck: new Set(),
    vainRereads: 0,
  };
  const found: Found = { results: [], remarks: new Map(), notRestored: [] };
  let isStopped = true;
  try {
    await runAll(cases, session, found);
    isStopped = false;
  } finally {
    found.notRestored = await restoreFinally(session);
    if (isStopped) checked.onStopped?.(reportOn(checked.baseUrl, found, redact.text));
  }
  return reportOn(checked.baseUrl, found, redact.text);
}

interface Found {
  readonly results: ServerCaseResult[];
  /** The key is a remark without its `by`, as JSON. */
  readonly remarks: Map<string, Omit<Remark, "by"> & { readonly by: Set<string> }>;
  notRestored: readonly NotRestored[];
}

async function runAll(cases: readonly ServerCase[], session: Session, found: Found): Promise<void> {
  const { target } = session;
  const add = (result: ServerCaseResult) => {
    found.results.push(result);
    target.onResult?.(result);
  };
  const running = cases.filter((each) => blockOf(each, target) === null);
  const learned = await learnOrders(running, session);
  learned.results.forEach(add);
  for (const serverCase of cases) {
    throwIfAborted(target.signal);
    const plan = planOf(serverCase, learned, session);
    if ("skipped" in plan) {
      add(skippedCase(serverCase, plan.skipped));
      continue;
    }
    const { result, remarks } = await runCase(serverCase, plan.steps, session);
    for (const remark of remarks) addRemark(found, remark, serverCase.id);
    if (serverCase.safety !== "harmless") await restoreAfterCase(session);
    add(result);
  }
}

const maxRemarks = 200;

function addRemark({ remarks }: Found, remark: Omit<Remark, "by">, id: string): void {
  const key = JSON.stringify([remark.operation, remark.at, remark.message, remark.level]);
  const known = remarks.get(key);
  if (known) known.by.add(id);
  else if (remarks.size < maxRemarks) remarks.set(key, { ...remark, by: new Set([id]) });
}

async function restoreAfterCase(session: Session): Promise<void> {
  await refresh(session);
  // With a list that cannot be read any more, the end of the run is early enough to try.
  if (session.latest.failure !== null) return;
  const [now, notRestored] = await restore(session, session.latest);
  session.latest = now;
  for (const { ipAddressId } of notRestored) if (ipAddressId !== null) session.stuck.add(ipAddressId);
}

async function restoreFinally(session: Session): Promise<NotRestored[]> {
  const { before, touched, unanswered } = session;
  if (touched.size === 0 && !session.isStale && session.latest === before) return [];
  // Without consent nothing is switched, not even back.
  const { allowChanges, orders } = session.target;
  const target = { ...session.target, orders: allowChanges ? orders : [] };
  const last = { ...session, target, stuck: new Set<string>() };
  const left = await switchUnknownOff(last);
  if (before.failure === null) {
    const [, notRestored] = await restore(last, await readAccount(uninterrupted(target)));
    left.push(...notRestored);
  }
  for (const orderId of unanswered) {
    if (left.some((each) => each.orderId === orderId)) continue;
    left.push(...mayStillBeSwitchedOn(orderId, before));
  }
  const line = (text: string) => foreignLine(text, target.redact);
  return left.map(({ orderId, ipAddressId, ...rest }) => ({
    ...rest,
    orderId: line(orderId),
    ipAddressId: ipAddressId === null ? null : line(ipAddressId),
  }));
}

/** With an unknown API key every case would fail, and say nothing about the server: then it throws a TargetError. */
async function checkApiKey(target: CheckedTarget): Promise<void> {
  const answer = await exchange(requestOf(setAutoExtend, harmlessRequest), target);
  const { code } = ruleOf(setAutoExtend, "api-key");
  if ("failure" in answer || objectIn(answer).success !== false || errorCodeOf(answer) !== code) return;
  throw new TargetError(
    "invalid",
    `The server does not know this API key (error ${code}). Check the key, and whether it belongs to this server.`,
  );
}

function chosenCases({ only = "", grade }: CheckedTarget): ServerCase[] {
  const chosen = serverCases.filter(
    (serverCase) =>
      serverCase.id.startsWith(only) &&
      (grade === undefined || grades.indexOf(serverCase.grade) <= grades.indexOf(grade)),
  );
  // A run of no cases would pass any server.
  if (chosen.length > 0) return chosen;
  const ofGrade = grade === undefined ? "" : ` of grade ${grade} or stronger`;
  const example = `IDs look like ${serverCases[0]?.id}.`;
  throw new TargetError("invalid", `No case${ofGrade} has an ID that begins with "${only}". ${example}`);
}

function needsList({ safety, needs, learns }: ServerCase): boolean {
  return safety === "harmless" && (needs !== undefined || learns !== undefined);
}

/** Why a case may not run; `null` if it may. */
function blockOf({ safety }: ServerCase, { allowChanges }: CheckedTarget): Skip | null {
  if (safety === "harmless" || allowChanges) return null;
  const reason = safety === "changes" ? "it changes orders" : "a faulty server could act on it";
  return { reason, option: "allowChanges" };
}

function planOf(
  serverCase: ServerCase,
  { usable, refused }: LearnedOrders,
  session: Session,
): { steps: readonly Step[] } | { skipped: Skip } {
  const { target, before, latest } = session;
  const { needs, learns, steps, safety } = serverCase;
  const blocked = blockOf(serverCase, target);
  if (blocked) return { skipped: blocked };
  const known = latest.failure === null ? withAddresses(usable, latest) : usable;
  const isAny = safety === "harmless" || target.isLoopback;
  const restorable = known.filter(({ addresses }) => isAny || hasKnownState(addresses));
  const planned = steps(restorable);
  if (planned) return { steps: planned };

  const missing = orderIdsIn(steps(withAddresses(target.orders, before)) ?? [], session);
  const [refusal] = missing.flatMap((id) => refused.get(id) ?? []);
  if (refusal !== undefined) return { skipped: { reason: refusal, option: "orders" } };
  const unknown = missing.find((id) => known.some(({ orderId }) => orderId === id));
  if (unknown !== undefined) {
    const reason = `the current state of order ${unknown} could not be read, so it could not be restored`;
    return { skipped: { reason, option: null } };
  }
  if (learns === "addresses" && before.failure !== null) {
    const reason = `the list of IP addresses could not be read: ${before.failure}`;
    return { skipped: { reason, option: null } };
  }
  return { skipped: { reason: `it needs ${needs}`, option: learns === "periods" ? null : "orders" } };
}

function reportOn(
  baseUrl: string,
  { results, remarks, notRestored }: Found,
  redact: (text: string) => string,
): ServerReport {
  const count = (outcome: ServerCaseResult["outcome"]) =>
    results.filter((result) => result.outcome === outcome).length;
  const contradicted = contradictedBy(results);
  return {
    target: redact(baseUrl),
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("skipped"),
    statements: statementCounts(results, contradicted),
    cases: results,
    contradicted,
    remarks: [...remarks.values()].map((remark) => ({ ...remark, by: [...remark.by] })),
    notRestored,
  };
}

function contradictedBy(results: readonly ServerCaseResult[]): ContradictedStatement[] {
  return allStatements().flatMap((statement) => {
    const by = results
      .filter(({ problems }) => problems.some(({ contradicts }) => contradicts.includes(statement.id)))
      .map(({ id }) => id);
    return by.length > 0 ? [{ ...statement, by }] : [];
  });
}

function statementCounts(
  results: readonly ServerCaseResult[],
  contradicted: readonly ContradictedStatement[],
): ServerReport["statements"] {
  const tested = idsOf(results.filter(({ outcome }) => outcome !== "skipped"));
  const failed = idsOf(results.filter(({ outcome }) => outcome === "failed"));
  const disproved = new Set(contradicted.map(({ id }) => id));
  const all = new Set([...allStatements().map(({ id }) => id), ...tested]);
  return {
    total: all.size,
    tested: tested.size,
    confirmed: [...tested].filter((id) => !failed.has(id) && !disproved.has(id)).length,
    contradicted: disproved.size,
    notTested: all.size - tested.size,
  };
}

function idsOf(results: readonly ServerCaseResult[]): Set<string> {
  return new Set(results.flatMap(({ statements }) => statements));
}

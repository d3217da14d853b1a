import { createRedactor, fillPath, type Operation, operations } from "@auto-extend/core";
import type { Carrier, SentRequest } from "./carrier.js";
import type { ClientCase } from "./client-case.js";
import { clientCases } from "./client-cases.js";
import type { ClientCaseResult, ClientProblem, ClientReport, Driver, Outcome } from "./client-report.js";
import { scriptedFetch } from "./scripted-fetch.js";

/** How the client cases are run. */
export interface ClientRun {
  /** What enacts the scripts; {@link scriptedFetch} where left out. */
  readonly carrier?: Carrier;
  /** How long one case may take, in milliseconds; 10,000 where left out. The client's own timeouts must be shorter. */
  readonly timeout?: number;
  /** The cases to run, such as those that a command line can express; all where left out. */
  readonly cases?: readonly ClientCase[];
}

/** The API key of all cases: long enough to be found wherever it should not be. */
const apiKey = "client-case-api-key-7d1c";
const redactor = createRedactor(apiKey);

/**
 * Holds a client to the contract, one case after the other.
 *
 * @throws RangeError where there is no case to run, for such a run would pass any client.
 */
export async function runClientCases(driver: Driver, run: ClientRun = {}): Promise<ClientReport> {
  const { cases: chosen = clientCases } = run;
  if (chosen.length === 0) throw new RangeError("There is no client case to run.");
  const cases: ClientCaseResult[] = [];
  for (const clientCase of chosen) cases.push(redactor.value(await runCase(clientCase, driver, run)));
  const failed = cases.filter(({ outcome }) => outcome === "failed").length;
  return { passed: cases.length - failed, failed, cases };
}

async function runCase(clientCase: ClientCase, driver: Driver, run: ClientRun): Promise<ClientCaseResult> {
  const { carrier = scriptedFetch, timeout = 10_000 } = run;
  const { id, title, script, expect } = clientCase;
  const begin = performance.now();
  const server = await carrier(script);
  try {
    const came = await settled(
      driver(clientCase, { fetch: server.fetch, baseUrl: server.baseUrl, apiKey }),
      timeout,
    );
    const problems = [
      ...("failure" in came
        ? [{ at: "outcome", expected: expect.outcome, came: came.failure }]
        : outcomeProblems(clientCase, came)),
      ...sentProblems(clientCase, server.sent),
    ];
    const failed = problems.length > 0;
    return {
      id,
      title,
      outcome: failed ? "failed" : "passed",
      expected: expect,
      problems,
      sent: failed ? [...server.sent] : [],
      duration: Math.round(performance.now() - begin),
    };
  } finally {
    await server.close();
  }
}

/** The driver's outcome, or why there is none. */
function settled(outcome: Promise<Outcome>, timeout: number): Promise<Outcome | { failure: string }> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ failure: `nothing within ${timeout} ms` }), timeout);
    outcome
      .catch((error: unknown) => ({ failure: `the driver threw: ${String(error)}` }))
      .then(resolve)
      .finally(() => clearTimeout(timer));
  });
}

function outcomeProblems({ expect }: ClientCase, came: Outcome): ClientProblem[] {
  const fields: Readonly<Record<string, unknown>> = { ...came };
  const differing = Object.entries(expect).filter(
    ([field, value]) => canonical(fields[field]) !== canonical(value),
  );
  const leaks = JSON.stringify(came).includes(apiKey);
  return [
    ...differing.map(([field, value]) => ({ at: field, expected: show(value), came: show(fields[field]) })),
    ...(leaks ? [{ at: "outcome", expected: "no API key", came: "the API key" }] : []),
  ];
}

function sentProblems(clientCase: ClientCase, sent: readonly SentRequest[]): ClientProblem[] {
  const operation = operations.find(({ id }) => id === clientCase.operation);
  if (!operation) throw new RangeError(`The contract has no operation ${clientCase.operation}.`);
  const wanted = clientCase.sent;
  return [
    ...(wanted === undefined || sent.length === wanted
      ? []
      : [{ at: "sent", expected: `${wanted} requests`, came: `${sent.length} requests` }]),
    ...sent.flatMap((request, index) => requestProblems(clientCase, operation, request, `sent[${index}]`)),
  ];
}

function requestProblems(
  clientCase: ClientCase,
  operation: Operation,
  sent: SentRequest,
  at: string,
): ClientProblem[] {
  const path = fillPath(operation.path, { apiKey });
  const type = sent.headers["content-type"] ?? "nothing";
  return [
    { at: `${at}.method`, expected: operation.method, came: sent.method },
    { at: `${at}.path`, expected: path, came: sent.path },
    {
      at: `${at}.content-type`,
      expected: "application/json",
      came: type.split(";", 1).join("").trim().toLowerCase(),
    },
    { at: `${at}.body`, expected: canonical(clientCase.request), came: canonicalText(sent.body) },
  ].filter(({ expected, came }) => expected !== came);
}

function canonicalText(text: string): string {
  try {
    return canonical(JSON.parse(text));
  } catch {
    return text;
  }
}

/** JSON in which the order of an object's fields makes no difference. */
function canonical(value: unknown): string {
  return show(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function show(value: unknown, replacer?: (name: string, part: unknown) => unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value, replacer);
}

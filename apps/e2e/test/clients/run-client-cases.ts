import { createRedactor, type Operation, operations, setAutoExtend } from "@auto-extend/core";
import type { Carrier } from "./carrier.js";
import { caseApiKey, outcomeProblems, sentProblems } from "./case-problems.js";
import type { ClientCase } from "./client-case.js";
import { clientCases } from "./client-cases.js";
import type { ClientCaseResult, ClientReport, Driver, OperationDriver, Outcome } from "./client-report.js";
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

const redactor = createRedactor(caseApiKey);

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
  const count = (wanted: ClientCaseResult["outcome"]) =>
    cases.filter(({ outcome }) => outcome === wanted).length;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped"), cases };
}

function driverOf(driver: Driver, { id }: Operation): OperationDriver | undefined {
  const drivers: Readonly<Record<string, OperationDriver | undefined>> =
    typeof driver === "function" ? { [setAutoExtend.id]: driver } : driver;
  return drivers[id];
}

function skippedCase({ id, title, expect }: ClientCase, reason: string): ClientCaseResult {
  const skipped = { reason };
  return { id, title, outcome: "skipped", expected: expect, problems: [], sent: [], skipped, duration: 0 };
}

async function runCase(clientCase: ClientCase, driver: Driver, run: ClientRun): Promise<ClientCaseResult> {
  const { carrier = scriptedFetch, timeout = 10_000 } = run;
  const { id, title, script, expect } = clientCase;
  const operation = operationOf(clientCase);
  const drive = driverOf(driver, operation);
  if (!drive) return skippedCase(clientCase, `the driver offers no ${operation.id}`);
  const begin = performance.now();
  const server = await carrier(script);
  try {
    const came = await settled(
      drive(clientCase, { fetch: server.fetch, baseUrl: server.baseUrl, apiKey: caseApiKey }),
      timeout,
    );
    const problems = [
      ...("failure" in came
        ? [{ at: "outcome", expected: expect.outcome, came: came.failure }]
        : outcomeProblems(clientCase, operation, came)),
      ...sentProblems(clientCase, operation, server.sent),
    ];
    const failed = problems.length > 0;
    return {
      id,
      title,
      outcome: failed ? "failed" : "passed",
      expected: expect,
      problems,
      sent: failed ? [...server.sent] : [],
      skipped: null,
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

function operationOf(clientCase: ClientCase): Operation {
  const operation = operations.find(({ id }) => id === clientCase.operation);
  if (!operation) throw new RangeError(`The contract has no operation ${clientCase.operation}.`);
  return operation;
}

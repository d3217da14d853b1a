import { isDeepStrictEqual } from "node:util";
import {
  createRedactor,
  fillPath,
  type Operation,
  type OperationId,
  operations,
  withoutCredentials,
} from "@auto-extend/core";
import { parse } from "content-type";
import type { ClientCase, ScriptedAnswer } from "./case.js";
import type { Channel, SentRequest } from "./channels.js";
import { proxyCredentials } from "./operation-cases.js";

export type Outcome = (
  | { readonly outcome: "success"; readonly answer: unknown }
  | {
      readonly outcome: "error";
      readonly error: string;
      readonly effect: string;
      readonly code?: number;
      readonly message?: string;
      readonly status?: number;
    }
) & {
  /** Everything that a person or a log sees of it. Neither the API key nor credentials may be in it. */
  readonly shown?: string;
};

/** Calls a client for a case. It throws only if it does not work itself. */
export type Driver = (clientCase: ClientCase, connection: Connection) => Promise<Outcome>;

export interface Connection {
  readonly fetch: typeof fetch;
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** The API key of all cases: long enough to be found wherever it should not be. */
const caseApiKey = "client-case-api-key-7d1c";

/** How long one case may take. The client's own timeouts are shorter. */
const timeoutMs = 60_000;

/** Most of a run is waiting for timeouts, so that many cases run at a time. */
const maxConcurrent = 24;

/**
 * Runs cases against a client.
 *
 * @returns what was wrong, one text for each problem, which begins with the ID of the case.
 */
export async function runCases(
  cases: readonly ClientCase[],
  driver: Driver,
  channel: Channel,
): Promise<string[]> {
  const problems: string[][] = [];
  const work = async (queue: [index: number, clientCase: ClientCase][]) => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, clientCase] = next;
      const found = await runCase(clientCase, driver, channel);
      problems[index] = found.map((problem) => `${clientCase.id}: ${problem}`);
    }
  };
  const all = [...cases.entries()];
  // An answer that is waited for after another one was lost has little time, so it must not wait for other cases.
  for (const queue of [all.filter(hasLittleTime), all.filter((each) => !hasLittleTime(each))]) {
    await Promise.all(Array.from({ length: maxConcurrent }, () => work(queue)));
  }
  // The report must not show the key that it looks for.
  return createRedactor(caseApiKey).value(problems.flat());
}

function hasLittleTime([, { script }]: [number, ClientCase]): boolean {
  const isInVain = (answer: ScriptedAnswer) =>
    "lose" in answer && (answer.lose === "hang" || answer.lose === "stall");
  return script.some(isInVain) && !script.every(isInVain);
}

async function runCase(clientCase: ClientCase, driver: Driver, channel: Channel): Promise<string[]> {
  const operation = operationOf(clientCase.operation);
  const { fetch, baseUrl, sent, close } = await channel(clientCase.script);
  try {
    const outcome = await settled(driver(clientCase, { fetch, baseUrl, apiKey: caseApiKey }));
    const problems =
      "failure" in outcome ? [outcome.failure] : outcomeProblems(clientCase, operation, outcome);
    return [...problems, ...sentProblems(clientCase, operation, sent)];
  } finally {
    await close();
  }
}

/** The driver's outcome, or the reason why it gave no outcome. */
function settled(outcome: Promise<Outcome>): Promise<Outcome | { failure: string }> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ failure: `nothing within ${timeoutMs} ms` }), timeoutMs);
    outcome
      .catch((error: unknown) => ({ failure: `the driver threw: ${String(error)}` }))
      .then(resolve)
      .finally(() => clearTimeout(timer));
  });
}

/** The faults in the result that the caller got. */
function outcomeProblems({ expect }: ClientCase, operation: Operation, outcome: Outcome): string[] {
  // Whether a caller gets the credentials in an answer is up to the client.
  const comparable = (value: unknown) => (operation.hasCredentials ? withoutCredentials(value) : value);
  const fields: Readonly<Record<string, unknown>> = { ...outcome };
  const shown = JSON.stringify("answer" in outcome ? { ...outcome, answer: null } : outcome);
  const hasCredentials =
    operation.hasCredentials && proxyCredentials.some((secret) => shown.includes(secret));
  return [
    ...Object.entries(expect)
      .filter(([field, value]) => !isDeepStrictEqual(comparable(fields[field]), comparable(value)))
      .map(([field, value]) => `${field} is ${show(fields[field])}, expected ${show(value)}`),
    ...(JSON.stringify(outcome).includes(caseApiKey) ? ["the API key is shown"] : []),
    ...(hasCredentials ? ["credentials of a proxy are shown"] : []),
  ];
}

function sentProblems(
  { request, sent: expected }: ClientCase,
  operation: Operation,
  sent: readonly SentRequest[],
): string[] {
  const hasOtherCount = expected !== undefined && sent.length !== expected;
  return [
    ...(hasOtherCount ? [`${sent.length} requests were sent, expected ${expected}`] : []),
    ...sent.flatMap((each, index) =>
      requestProblems(request, operation, each).map((problem) => `request ${index + 1}: ${problem}`),
    ),
  ];
}

function requestProblems(request: unknown, operation: Operation, sent: SentRequest): string[] {
  const [path, query = ""] = sent.path.split("?");
  const { type: mediaType } = parse(sent.headers["content-type"] ?? "");
  const fields = Object.fromEntries(new URLSearchParams(query));
  const parts: [name: string, actual: unknown, expected: unknown][] = [
    ["method", sent.method, operation.method],
    ["path", path, fillPath(operation.path, { apiKey: caseApiKey })],
    ...(operation.method === "GET"
      ? ([
          ["query", fields, request],
          ["body", sent.body, ""],
        ] as const)
      : ([
          ["query", query, ""],
          ["content-type", mediaType, "application/json"],
          ["body", parsed(sent.body), request],
        ] as const)
    ).map(([name, actual, expected]): [string, unknown, unknown] => [name, actual, expected]),
  ];
  return parts
    .filter(([, actual, expected]) => !isDeepStrictEqual(actual, expected))
    .map(([name, actual, expected]) => `${name} is ${show(actual)}, expected ${show(expected)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "missing";
}

/** @throws RangeError if the contract has no such operation. */
export function operationOf(id: OperationId): Operation {
  const operation = operations.find((each) => each.id === id);
  if (!operation) throw new RangeError(`The contract has no operation ${id}.`);
  return operation;
}

import { Readable } from "node:stream";
import { exitCodes, type JsonError, type JsonOutput, run, type Sink } from "@auto-extend/cli";
import type { ClientCase, ExpectedOutcome } from "./case.js";
import { timeoutFor } from "./client-driver.js";
import type { Driver, Outcome } from "./run-cases.js";

interface Expressible {
  readonly proxyType?: string;
  readonly orderIds?: readonly string[];
  readonly rentPeriodDays?: number;
  readonly autoExtend: boolean;
}

export function canExpress({ operation, request }: ClientCase): boolean {
  if (operation !== "setAutoExtend") return false;
  // Without a proxy type or rental period, the command looks them up, which is another promise.
  const { proxyType, orderIds = [], rentPeriodDays, autoExtend, ...more } = request as Expressible;
  return (
    typeof proxyType === "string" &&
    Array.isArray(orderIds) &&
    orderIds.every((id) => typeof id === "string") &&
    typeof rentPeriodDays === "number" &&
    typeof autoExtend === "boolean" &&
    Object.keys(more).length === 0
  );
}

/** Runs our CLI for a case, in this process. Its exit code must fit the outcome. */
export const driveCli: Driver = async (clientCase, { fetch, baseUrl, apiKey }) => {
  const stdout = collector();
  const stderr = collector();
  const exitCode = await run([...argumentsOf(clientCase), "--json", "--verbose"], {
    stdin: Readable.from([]),
    stdout,
    stderr,
    env: { AUTO_EXTEND_API_KEY: apiKey, AUTO_EXTEND_BASE_URL: baseUrl },
    confirm: () => Promise.reject(new Error("Nobody is there to be asked.")),
    fetch,
  });
  const expected = exitCodeOf(clientCase.expect);
  if (exitCode !== expected)
    throw new Error(`The exit code is ${exitCode}, not ${expected}. ${stdout.text()}`);
  const output = JSON.parse(stdout.text()) as JsonOutput;
  return { ...outcomeOf(output), shown: stdout.text() + stderr.text() };
};

function argumentsOf({ request, script }: ClientCase): string[] {
  const { proxyType, orderIds = [], rentPeriodDays, autoExtend } = request as Expressible;
  return [
    autoExtend ? "on" : "off",
    // Looking up prices and reading the state back would be further requests.
    ...(autoExtend ? ["--yes"] : []),
    ...["--no-preview", "--no-read-back", "--type", String(proxyType), "--days", String(rentPeriodDays)],
    ...["--timeout", String(timeoutFor(script) / 1_000)],
    ...orderIds,
  ];
}

function outcomeOf({ result, error }: JsonOutput): Outcome {
  if (!error) return { outcome: "success", answer: result && "answers" in result ? result.answers[0] : null };
  const { name, effect, code, status } = error;
  return {
    outcome: "error",
    // A command that makes a wrong request was used in a wrong way.
    error: name === "UsageError" ? "RequestError" : name,
    effect,
    ...(typeof code === "number" && { code }),
    ...(status !== null && { status }),
    ...messageOf(error),
  };
}

function messageOf({ name, body }: JsonError): { message?: string } {
  return name === "ApiError" ? { message: (body as { error: { message: string } }).error.message } : {};
}

function exitCodeOf(expected: ExpectedOutcome): number {
  if (expected.outcome === "success") return exitCodes.done;
  if (expected.error === "RequestError") return exitCodes.usage;
  if (expected.error === "ContractError") return exitCodes.contractBroken;
  if (expected.effect === "unknown") return exitCodes.stateUnknown;
  const asksToWait = expected.status === 429;
  if (expected.error === "ApiError" && !asksToWait) return exitCodes.refused;
  return expected.error === "HttpError" && !asksToWait ? exitCodes.contractBroken : exitCodes.notDone;
}

function collector(): Sink & { text: () => string } {
  const texts: string[] = [];
  return { write: (text: string) => texts.push(text), text: () => texts.join("") };
}

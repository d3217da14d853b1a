import { Readable } from "node:stream";
import { exitCodes, type JsonError, type JsonOutput, run, type Sink } from "@auto-extend/cli";
import { timeoutFor } from "./client-driver.js";
import type { ClientCase, ExpectedOutcome, Outcome, Reach } from "./index.js";

/** What of a request a command line can say. */
interface Sayable {
  readonly proxyType?: string;
  readonly orderIds?: readonly string[];
  readonly rentPeriodDays?: number;
  readonly autoExtend: boolean;
}

/** Whether a command line can say a case's request; it can't be of another type or shape than the options are. */
export function canSay({ request }: ClientCase): boolean {
  // Without a proxy type or rental period, the command looks them up, which is another promise.
  const { proxyType, orderIds = [], rentPeriodDays, autoExtend, ...more } = request as Sayable;
  return (
    typeof proxyType === "string" &&
    Array.isArray(orderIds) &&
    orderIds.every((id) => typeof id === "string") &&
    typeof rentPeriodDays === "number" &&
    typeof autoExtend === "boolean" &&
    Object.keys(more).length === 0
  );
}

/** Runs our CLI for a case, in this process; the exit code must be the one that the outcome has. */
export async function driveCli(clientCase: ClientCase, reach: Reach): Promise<Outcome> {
  const stdout = collector();
  const stderr = collector();
  const exitCode = await run([...argumentsOf(clientCase), "--json", "--verbose"], {
    stdin: Readable.from([]),
    stdout,
    stderr,
    env: { AUTO_EXTEND_API_KEY: reach.apiKey, AUTO_EXTEND_BASE_URL: reach.baseUrl },
    confirm: () => Promise.reject(new Error("Nobody is there to be asked.")),
    fetch: reach.fetch,
  });
  const expected = exitCodeOf(clientCase.expect);
  if (exitCode !== expected)
    throw new Error(`The exit code is ${exitCode}, not ${expected}. ${stdout.text()}`);
  const output = JSON.parse(stdout.text()) as JsonOutput;
  return { ...outcomeOf(output), shown: stdout.text() + stderr.text() };
}

function argumentsOf({ request, script }: ClientCase): string[] {
  const { proxyType, orderIds = [], rentPeriodDays, autoExtend } = request as Sayable;
  return [
    autoExtend ? "on" : "off",
    // Prices beforehand and states afterwards are further requests.
    ...(autoExtend ? ["--yes", "--no-preview"] : []),
    ...["--no-verify", "--type", String(proxyType), "--days", String(rentPeriodDays)],
    ...["--timeout", String(timeoutFor(script) / 1_000)],
    ...orderIds,
  ];
}

function outcomeOf({ result, error }: JsonOutput): Outcome {
  if (!error) {
    const [only] = result && "switched" in result && Array.isArray(result.switched) ? result.switched : [];
    return { outcome: "success", answer: only && "answer" in only ? only.answer : undefined };
  }
  const { name, effect, code, status } = error;
  return {
    outcome: "error",
    // What the client calls a wrong request is wrong usage where a command made it.
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

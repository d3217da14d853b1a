import {
  type AutoExtendError,
  isApiError,
  isAutoExtendError,
  isContractError,
  isHttpError,
  isNetworkError,
  isTimeoutError,
  type ListIpAddressesResult,
} from "@auto-extend/client";
import { getBalance, getRentPeriods, proxyTypes, unknownApiKeyCode } from "@auto-extend/core";
import { type OpenClient, openClient } from "../account/open-client.js";
import type { Context } from "../context.js";
import { certificateCheck } from "../doctor/certificate.js";
import type { Check } from "../doctor/check.js";
import { driftOf } from "../doctor/drift.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { failureOf } from "../failure.js";
import type { Outcome } from "../invocation.js";
import { counted } from "../words.js";

/** Finds out whether everything is there that the other commands need, with requests that only read. */
export async function examine(context: Context): Promise<Outcome> {
  const opened = await openClient(context);
  const checks: Check[] = [];
  let exitCode: ExitCode = exitCodes.done;
  const add = (check: Check, code: ExitCode = exitCodes.notDone) => {
    checks.push(check);
    if (check.state === "failed" && exitCode === exitCodes.done) exitCode = code;
  };

  const balance = await asked(() => opened.client.getBalance({ signal: context.io.signal }));
  const failure = balance.error && failureOf(balance.error, { effect: "none", signal: context.io.signal });
  add(serverCheck(balance, opened), failure?.exitCode);
  add(await tlsCheck(context, opened, balance.error));
  add(keyCheck(balance), failure?.exitCode);
  add(clockCheck(opened));
  if (balance.answer === null) {
    add(skipped("drift", "no answer to look at"));
    add(skipped("orders", "no answer to look at"));
  } else {
    add(await driftCheck(context, opened, balance.answer), exitCodes.contractBroken);
    const orders = await asked(() => opened.client.listIpAddresses({}, { signal: context.io.signal }));
    const ending = orders.error && failureOf(orders.error, { effect: "none", signal: context.io.signal });
    add(ordersCheck(context, orders), ending?.exitCode);
  }
  return { exitCode, result: { checks }, text: () => textOf(context, checks) };
}

/** An answer, or why there is none. */
type Asked<Answer> =
  | { readonly answer: Answer; readonly error: null }
  | { readonly answer: null; readonly error: AutoExtendError };

async function asked<Answer>(call: () => Promise<Answer>): Promise<Asked<Answer>> {
  try {
    return { answer: await call(), error: null };
  } catch (error) {
    if (!isAutoExtendError(error)) throw error;
    return { answer: null, error };
  }
}

function serverCheck({ error }: Asked<unknown>, { connection }: OpenClient): Check {
  const { host } = connection;
  if (error === null || isApiError(error)) {
    return { id: "server", state: "ok", found: `${host} answers.`, whatToDo: null };
  }
  const { message, whatToDo } = failureOf(error, { effect: "none", signal: undefined }).error;
  const isSilent = isNetworkError(error) || isTimeoutError(error);
  const found = isSilent
    ? `${host} does not answer: ${message}`
    : `${host} answers, but not as the API does: ${message}`;
  return { id: "server", state: "failed", found, whatToDo };
}

/** Codes of ways to a server that end before TLS begins. */
const unreached = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"]);

async function tlsCheck(
  { io }: Context,
  { connection }: OpenClient,
  error: AutoExtendError | null,
): Promise<Check> {
  const { protocol, hostname, port } = new URL(connection.transport.baseUrl);
  if (protocol !== "https:") {
    const where = connection.isLoopback ? "the server is on this machine" : "plain http was allowed";
    return skipped("tls", `no TLS: ${where}`);
  }
  // What the proxy shows would be told in place of the server's.
  if (connection.transport.fetch)
    return skipped("tls", "the way leads through a proxy, or a fetch of its own");
  if (isNetworkError(error) && error.code !== null && unreached.has(error.code)) {
    return skipped("tls", "the server was not reached");
  }
  const { timeout = 10_000 } = connection.transport;
  io.signal?.throwIfAborted();
  return certificateCheck({ hostname, port: Number(port || 443) }, { timeout, now: Date.now() });
}

function keyCheck({ answer, error }: Asked<unknown>): Check {
  if (answer !== null)
    return { id: "api-key", state: "ok", found: "The API key is accepted.", whatToDo: null };
  if (!isApiError(error)) return skipped("api-key", "the API gave no answer");
  const { message, whatToDo } = failureOf(error, { effect: "none", signal: undefined }).error;
  const isKey = error.code === unknownApiKeyCode;
  return {
    id: "api-key",
    state: "failed",
    found: isKey ? "The API key is not accepted." : message,
    whatToDo,
  };
}

/** A clock that is off by more than this makes "ends within" mean something else, in seconds. */
const mostSkew = 60;

function clockCheck({ serverTime }: OpenClient): Check {
  const time = serverTime();
  if (time === null) return skipped("clock", "the server tells no time");
  const skew = Math.round((Date.parse(time) - Date.now()) / 1000);
  if (Math.abs(skew) <= mostSkew) {
    return {
      id: "clock",
      state: "ok",
      found: "The clocks of the server and this machine agree.",
      whatToDo: null,
    };
  }
  const found = `The server's clock is ${counted(Math.abs(skew), "second", "seconds")} ${skew > 0 ? "ahead of" : "behind"} this machine's: it says ${time}.`;
  return {
    id: "clock",
    state: "warning",
    found,
    whatToDo:
      "Set this machine's clock, unless the server is a mock with a test clock. Commands count from the server's time.",
  };
}

/** How many differences are named. */
const mostShown = 5;

async function driftCheck(context: Context, { client }: OpenClient, balance: unknown): Promise<Check> {
  const drift = driftOf(getBalance, balance);
  for (const proxyType of proxyTypes) {
    const { answer, error } = await asked(() =>
      client.getRentPeriods({ proxyType }, { signal: context.io.signal }),
    );
    drift.push(
      ...(error ? [`getRentPeriods of ${proxyType}: ${error.message}`] : driftOf(getRentPeriods, answer)),
    );
  }
  if (drift.length === 0) {
    return {
      id: "drift",
      state: "ok",
      found: "The answers to harmless requests are as the contract has them.",
      whatToDo: null,
    };
  }
  const more = drift.length > mostShown ? ` and ${drift.length - mostShown} more` : "";
  return {
    id: "drift",
    state: "warning",
    found: `Answers differ from the contract: ${drift.slice(0, mostShown).join("; ")}${more}.`,
    whatToDo:
      "auto-extend verify tells which statements that contradicts. Look for a newer version of this program.",
  };
}

function ordersCheck(context: Context, { answer, error }: Asked<ListIpAddressesResult>): Check {
  if (error) {
    const { message, whatToDo } = failureOf(error, { effect: "none", signal: context.io.signal }).error;
    return {
      id: "orders",
      state: "failed",
      found: `The list of IP addresses can't be had: ${message}`,
      whatToDo: isOfTheList(error)
        ? "on and off work without it, given --type, --days, --no-preview and --no-verify; price, given --type and --days. Its shape is not public: please report what differs."
        : whatToDo,
    };
  }
  const { orders, unread } = answer;
  const addresses = orders.reduce((sum, { ipAddresses }) => sum + ipAddresses.length, 0);
  const found = `${counted(orders.length, "order", "orders")} with ${counted(addresses, "IP address", "IP addresses")} can be read`;
  const [first] = unread;
  if (!first) return { id: "orders", state: "ok", found: `${found}.`, whatToDo: null };
  return {
    id: "orders",
    state: "warning",
    found: `${found}, and ${counted(unread.length, "record", "records")} can't: ${first.path} ${first.message}.`,
    whatToDo:
      "The shape of the list is not public: please report what differs, without logins and passwords.",
  };
}

/** Whether it is the list that is not as it was thought to be, and no passing trouble. */
function isOfTheList(error: AutoExtendError): boolean {
  return isContractError(error) || (isHttpError(error) && error.status < 500 && error.status !== 429);
}

function skipped(id: Check["id"], why: string): Check {
  return { id, state: "skipped", found: `Not looked at: ${why}.`, whatToDo: null };
}

const marks = { ok: "ok     ", warning: "warning", failed: "failed ", skipped: "skipped" } as const;
const colours = { ok: "green", warning: "yellow", failed: "red", skipped: "dim" } as const;

function textOf({ paint }: Context, checks: readonly Check[]): string {
  return checks
    .map(({ id, state, found, whatToDo }) => {
      const line = `${paint(colours[state], marks[state])}  ${id.padEnd(7)}  ${found}\n`;
      return whatToDo === null ? line : `${line}${" ".repeat(18)}${whatToDo}\n`;
    })
    .join("");
}

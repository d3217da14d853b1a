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
import {
  getBalance,
  getRentPeriods,
  isTroubleStatus,
  listIpAddresses,
  proxyTypes,
  unknownApiKey,
  unknownApiKeyCode,
} from "@auto-extend/core";
import type { Outcome } from "../../app/command.js";
import { findApiKey, missingKey, type OpenClient, openClient } from "../../app/connection.js";
import type { Context } from "../../app/context.js";
import { type ExitCode, exitCodes } from "../../app/errors.js";
import { clientError, exitCodeOf, isListTooLarge, isUntrusted } from "../../app/failure.js";
import { clean, definitions, pluralize, spanText, timestampText, widthOf } from "../../app/format.js";
import { certificateCheck } from "./certificate.js";
import { type Check, type Finding, finding, skipped } from "./check.js";
import { type Drift, driftCheck, driftFrom, emittedDrift } from "./drift.js";

/** Checks everything that the other commands need, with requests that only read. */
export async function examine(context: Context): Promise<Outcome<{ checks: Check[] }>> {
  const drift: Drift[] = [];
  const key = await findApiKey(context);
  const opened = await openClient(context, {
    // Without a key, one that nobody has shows whether the server answers.
    apiKey: key || unknownApiKey,
    onEvent: (event) => {
      if (event.type === "finding") drift.push(driftFrom(event.operation, event.finding));
    },
  });
  const checks: Check[] = [];
  let exitCode: ExitCode = exitCodes.done;
  const add = (id: Check["id"], found: Finding, code: ExitCode = exitCodes.notDone) => {
    checks.push({ id, ...found });
    if (found.state === "failed" && exitCode === exitCodes.done) exitCode = code;
  };

  const { signal } = context.io;
  const balance = await asked(() => opened.client.getBalance({ signal }));
  const failureCode = balance.error ? exitCodeOf(balance.error) : undefined;
  add("server", serverCheck(balance, opened), failureCode);
  add("tls", await tlsCheck(context, opened, balance.error));
  if (key) add("api-key", keyCheck(balance), failureCode);
  else {
    const { message, details } = missingKey(key);
    add("api-key", finding("failed", message, details.whatToDo), exitCodes.usage);
  }
  add("clock", clockCheck(opened, balance));
  if (balance.answer === null) {
    const why = key ? whyNot(balance.error) : "there is no API key";
    for (const id of ["drift", "orders"] as const) add(id, skipped(why));
  } else {
    // Compared whole, and never printed.
    const orders = await asked(() => opened.client.listIpAddresses({}, { signal, credentials: true }));
    const answers = { balance: balance.answer, list: orders.answer?.answer };
    drift.push(...(await readDrift(context, opened, answers)));
    add("drift", driftCheck(drift, { isListRead: orders.answer !== null }), exitCodes.contractBroken);
    add("orders", ordersCheck(orders), orders.error ? exitCodeOf(orders.error) : undefined);
  }
  return { exitCode, result: { checks }, text: () => textOf(context, checks) };
}

type CheckedCall<Answer> =
  | { readonly answer: Answer; readonly error: null }
  | { readonly answer: null; readonly error: AutoExtendError };

async function asked<Answer>(call: () => Promise<Answer>): Promise<CheckedCall<Answer>> {
  try {
    return { answer: await call(), error: null };
  } catch (error) {
    if (!isAutoExtendError(error)) throw error;
    return { answer: null, error };
  }
}

function serverCheck({ error }: CheckedCall<unknown>, { connection }: OpenClient): Finding {
  const { host } = connection;
  if (error === null || (isApiError(error) && error.description.about === "key")) {
    return finding("ok", `${host} answers.`);
  }
  const { message, whatToDo } = clientError(error);
  const found = isSilence(error)
    ? `${host} does not answer: ${message}`
    : `${host} answers, but ${isApiError(error) ? "with an error" : "not as the API does"}: ${message}`;
  return finding("failed", found, whatToDo);
}

function isSilence(error: AutoExtendError | null): boolean {
  return (isNetworkError(error) && !isUntrusted(error)) || isTimeoutError(error);
}

function whyNot(error: AutoExtendError | null): string {
  if (isSilence(error)) return "the server does not answer";
  if (!isApiError(error)) return "what answers is not the API";
  return error.code === unknownApiKeyCode
    ? "the API key is not accepted"
    : `the server refuses with error ${error.code}`;
}

/** Error codes of connections that end before TLS begins. */
const unreached = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"]);

async function tlsCheck(
  { io }: Context,
  { connection }: OpenClient,
  error: AutoExtendError | null,
): Promise<Finding> {
  const { protocol, hostname, port } = new URL(connection.transport.baseUrl);
  if (protocol !== "https:") {
    const where = connection.isLoopback ? "on this machine" : "plain http, which --allow-http allows";
    return skipped(`the server is used without TLS, ${where}`);
  }
  // It would be the certificate of the proxy.
  if (connection.transport.fetch) return skipped("requests go through a proxy, or through a fetch function");
  if (isNetworkError(error) && error.code !== null && unreached.has(error.code)) {
    return skipped("the server was not reached");
  }
  const { timeout = 10_000 } = connection.transport;
  io.signal?.throwIfAborted();
  return certificateCheck({ hostname, port: Number(port || 443) }, { timeout, now: Date.now() });
}

function keyCheck({ answer, error }: CheckedCall<unknown>): Finding {
  if (answer !== null) return finding("ok", "The API key is accepted.");
  if (!isApiError(error) || error.description.about !== "key") return skipped(whyNot(error));
  return finding("failed", "The API key is not accepted.", clientError(error).whatToDo);
}

/** A clock that is off by more than this changes the meaning of "ends within", in seconds. */
const mostSkew = 60;

function clockCheck({ serverTime }: OpenClient, { error }: CheckedCall<unknown>): Finding {
  const time = serverTime();
  if (time === null) return skipped(isSilence(error) ? whyNot(error) : "the server does not send its time");
  const skew = Math.round((Date.parse(time) - Date.now()) / 1000);
  if (Math.abs(skew) <= mostSkew) return finding("ok", "The clocks of the server and this machine agree.");
  const found = `The server's clock is ${spanText(Math.abs(skew))} ${skew > 0 ? "ahead of" : "behind"} this machine's: it says ${timestampText(time)}.`;
  return finding(
    "warning",
    found,
    "Set the clock of this machine, unless the server is a mock with a test clock. Commands use the time of the server.",
  );
}

/** How the bodies of the answers differ from those of the mock, and rental periods that could not be read. */
async function readDrift(
  { io, answerRedactor: redact }: Context,
  { client }: OpenClient,
  { balance, list }: { readonly balance: unknown; readonly list: unknown },
): Promise<Drift[]> {
  const drift = emittedDrift(getBalance, { request: {}, json: balance, redact });
  if (list !== undefined) drift.push(...emittedDrift(listIpAddresses, { request: {}, json: list, redact }));
  for (const proxyType of proxyTypes) {
    const request = { proxyType };
    const { answer, error } = await asked(() => client.getRentPeriods(request, { signal: io.signal }));
    if (answer !== null) drift.push(...emittedDrift(getRentPeriods, { request, json: answer, redact }));
    else {
      const level = isContractError(error) ? "accepts" : "lawful";
      drift.push({ level, text: `getRentPeriods of ${proxyType}: ${error.message}` });
    }
  }
  return drift;
}

function ordersCheck({ answer, error }: CheckedCall<ListIpAddressesResult>): Finding {
  if (error) {
    const { message, whatToDo } = clientError(error);
    const without =
      "on and off work without it if you give --type, --days and --no-read-back (on also --no-preview), and price with --type and --days. The form of the list is not public: please report what differs.";
    const found = `The list of IP addresses ${isOfTheList(error) ? "cannot be used" : "is not available"}: ${message}`;
    return finding("failed", found, isOfTheList(error) ? without : whatToDo);
  }
  const { orders, unread, unreadCount } = answer;
  const addresses = orders.reduce((sum, { ipAddresses }) => sum + ipAddresses.length, 0);
  const found = `${pluralize(orders.length, "order", "orders")} with ${pluralize(addresses, "IP address", "IP addresses")} can be read`;
  const [first] = unread;
  if (!first) return finding("ok", `${found}.`);
  return finding(
    "warning",
    `${found}, and ${pluralize(unreadCount, "record", "records")} cannot: ${first.path} ${first.message}.`,
    "The form of the list is not public: please report what differs, without logins and passwords.",
  );
}

/** Whether the list itself is not as expected, and not only unavailable for now. */
function isOfTheList(error: AutoExtendError): boolean {
  if (isListTooLarge(error)) return false;
  return isContractError(error) || (isHttpError(error) && !isTroubleStatus(error.status));
}

const colours = { ok: "green", warning: "yellow", failed: "red", skipped: "dim" } as const;

function textOf({ paint, io }: Context, checks: readonly Check[]): string {
  const rows = checks.map(
    ({ id, state, found, whatToDo }) =>
      [
        `${state.padEnd(7)}  ${id}`,
        [found, ...(whatToDo === null ? [] : [whatToDo])].map((part) => clean(part)).join("\n"),
      ] as const,
  );
  const lines = definitions(rows, widthOf(io.stdout)).map((line) =>
    line.replace(/^(ok|warning|failed|skipped)\b/, (state) => paint(colours[state as Check["state"]], state)),
  );
  return `${lines.join("\n")}\n`;
}

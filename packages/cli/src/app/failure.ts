import {
  type ApiError,
  type AutoExtendError,
  type HttpError,
  isApiError,
  isAutoExtendError,
  isContractError,
  isHttpError,
  isNetworkError,
  isRequestError,
  isTimeoutError,
  type RequestError,
} from "@auto-extend/client";
import {
  AmountError,
  type Effect,
  effects,
  errorNames,
  formatIssues,
  type Issue,
  isLoopback,
  isTroubleStatus,
  listIpAddresses,
} from "@auto-extend/core";
import { z } from "zod/v3";
import {
  CliError,
  cliErrorNames,
  type ExitCode,
  environmentError,
  exitCodes,
  howToFindOut,
  interrupted,
  isSystemError,
  NothingSent,
} from "./errors.js";
import { spanText } from "./format.js";

export const jsonError = z.strictObject({
  name: z.enum([...errorNames, ...cliErrorNames, "Bug"]),
  message: z.string(),
  /** The next step, for people; empty if there is nothing to do. */
  whatToDo: z.string(),
  /** Whether something may have been done to the orders. */
  effect: z.enum(effects),
  attempts: z.number().int(),
  /** The provider's error code, or the platform's of a network failure such as `ECONNREFUSED`. */
  code: z.union([z.number(), z.string()]).nullable(),
  status: z.number().int().nullable(),
  /** How long the server asks to wait, and until when; `null` if it does not. */
  retryAfterMs: z.number().nullable(),
  retryAt: z.string().nullable(),
  issues: z.array(z.strictObject({ path: z.string(), message: z.string() })),
  body: z.unknown(),
});

export type JsonError = z.infer<typeof jsonError>;

interface Circumstances {
  readonly effect: Effect;
  readonly signal: AbortSignal | undefined;
}

/** Explains an error: what it means for the orders, and what to do next. */
export function failureOf(
  thrown: unknown,
  { effect, signal }: Circumstances,
): { exitCode: ExitCode; error: JsonError } {
  if (thrown instanceof NothingSent) {
    const error = clientError(thrown.cause);
    const message = `${thrown.message} failed: ${error.message}`;
    const whatToDo = `${thrown.consequence} ${error.whatToDo}`;
    return { exitCode: exitCodeOf(thrown.cause), error: { ...error, message, whatToDo } };
  }
  if (isAutoExtendError(thrown)) return { exitCode: exitCodeOf(thrown), error: clientError(thrown) };
  const error = ownError(thrown, { effect, signal });
  if (error instanceof CliError) return { exitCode: error.exitCode, error: cliError(error) };
  return {
    exitCode: exitCodes.bug,
    error: {
      ...nothingMore,
      name: "Bug",
      message: `This is a bug in auto-extend. ${error instanceof Error ? (error.stack ?? error) : error}`,
      whatToDo:
        "Please report it to the makers of @auto-extend/cli, with this text and the command. The API key is not in it.",
      effect,
    },
  };
}

function ownError(thrown: unknown, { effect, signal }: Circumstances): unknown {
  if (thrown instanceof CliError) return thrown;
  if (signal?.aborted) return interrupted(effect);
  if (thrown instanceof AmountError) {
    const whatToDo =
      "This program cannot calculate with the server's amount: auto-extend balance shows it as it is.";
    return new CliError(thrown.name, `${thrown.message} Nothing was changed.`, { whatToDo });
  }
  return isSystemError(thrown) ? environmentError(thrown, effect) : thrown;
}

export function cliError({ name, message, details }: CliError): JsonError {
  const { whatToDo, effect, issues } = details;
  return { ...nothingMore, name, message, whatToDo, effect, issues: [...issues] };
}

export function clientError(error: AutoExtendError): JsonError {
  const answer = isApiError(error) || isHttpError(error) || isContractError(error) ? error : null;
  const hasIssues = isRequestError(error) || isContractError(error);
  return {
    name: error.name,
    message: messageOf(error),
    whatToDo: whatToDoAbout(error),
    effect: error.effect,
    attempts: error.attempts,
    code: isApiError(error) || isNetworkError(error) ? error.code : null,
    status: answer?.status ?? null,
    ...pauseOf(answer?.retryAfter),
    issues: hasIssues ? [...error.issues] : [],
    body: answer?.body ?? null,
  };
}

function pauseOf(pause: number | null | undefined): Pick<JsonError, "retryAfterMs" | "retryAt"> {
  return pause ? { retryAfterMs: pause, retryAt: timeAfter(pause) } : noPause;
}

export function timeAfter(pauseMs: number): string {
  return new Date(Date.now() + pauseMs).toISOString();
}

const noPause = { retryAfterMs: null, retryAt: null };

const nothingMore = { attempts: 0, code: null, status: null, ...noPause, issues: [], body: null };

/** The exit code of a run that this error of the client alone decides. */
export function exitCodeOf(error: AutoExtendError): ExitCode {
  if (isRequestError(error)) return exitCodes.usage;
  if (isContractError(error)) return exitCodes.contractBroken;
  if (error.effect !== "none") return exitCodes.stateUnknown;
  // A server in trouble, or one that asks for a pause, is not available now, whatever it says.
  if (isTrouble(error)) return exitCodes.notDone;
  if (isApiError(error)) return exitCodes.refused;
  // An answer came, and it was not the API's.
  return isHttpError(error) ? exitCodes.contractBroken : exitCodes.notDone;
}

/** Whether the HTTP status, with or without a refusal in the body, says that the same request may succeed later. */
export function isTrouble(error: unknown): boolean {
  if (!isApiError(error) && !isHttpError(error)) return false;
  return isTroubleStatus(error.status);
}

/** Without the client's words about its one request: a run says itself what it changed, and other commands only read. */
export function messageOf(error: AutoExtendError): string {
  return problemOf(error).replace(/ Nothing was changed\.$/, "");
}

function problemOf(error: AutoExtendError): string {
  if (isListTooLarge(error))
    return `The list of IP addresses is ${listTooLarge}, more than this program reads.`;
  const page = pageIn(error);
  if (page !== undefined) {
    const begins = page.text && `, and begins with "${page.text}"`;
    const effect = error.effect === "none" ? "" : " The change may have been made.";
    return `The answer breaks the API contract. ${formatIssues(page.issues)}${begins}.${effect}`;
  }
  if (isNetworkError(error)) return plainly(error.problem);
  if (isHttpError(error) && error.status === 429) {
    return error.problem.replace(/^HTTP 429 [^.]*\./, "HTTP 429: too many requests.");
  }
  if (!isApiError(error) || isTrouble(error)) return error.problem;
  const refusal = `The provider refused: error ${error.code}, "${error.providerMessage}". ${error.description.meaning}`;
  return error.effect === "none"
    ? refusal
    : `${refusal} But an earlier attempt got no complete answer, and may have been carried out.`;
}

const platformTexts: readonly (readonly [RegExp, string])[] = [
  [/[0-9A-F]{8,}:error:[0-9A-F]+:SSL routines:[^:]*:([^:]+):\S+:\d+:/, "the TLS connection failed ($1)"],
  [/\bconnect ECONNREFUSED (\S+\d)/, "nothing listens at $1 (ECONNREFUSED)"],
  [/\bgetaddrinfo (ENOTFOUND|EAI_AGAIN) (\S+\w)/, "the host name $2 is unknown ($1)"],
  [/\bother side closed\b/, "the connection was closed"],
  [/\bread ECONNRESET\b/, "the connection was reset (ECONNRESET)"],
];

export function plainly(text: string): string {
  return platformTexts.reduce((result, [pattern, plain]) => result.replace(pattern, plain), text);
}

function whatToDoAbout(error: AutoExtendError): string {
  if (isRequestError(error)) return `Correct ${sourcesOf(error)}; --help shows examples.`;
  if (isApiError(error) && !isTrouble(error)) {
    const { whatToDo } = error.description;
    return error.effect === "none" ? whatToDo : `${whatToDo} ${howToFindOut}`;
  }
  if (isListTooLarge(error)) return howToReadLess;
  if (pageIn(error) !== undefined) {
    const ofSwitch = " If it is the API after all, look the orders up in your account.";
    return checkBaseUrl + (error.effect === "none" ? "" : ofSwitch);
  }
  if (error.effect === "reported-applied") {
    return "The provider reports that it is done, so look the orders up in your account before anything else. --json shows the whole answer.";
  }
  return error.effect === "unknown" ? whatToDoIfUnknown(error) : whatToDoIfNotDone(error);
}

function whatToDoIfUnknown(error: AutoExtendError): string {
  if (isNetworkError(error) && error.code === noTls) return `${checkProtocol} ${howToFindOut}`;
  if (isTimeoutError(error)) return `--timeout gives the server more time. ${howToFindOut}`;
  if (!isHttpError(error) && !isApiError(error)) return howToFindOut;
  return `${error.status < 400 ? checkBaseUrl : pauseAskedFor(error)} ${howToFindOut}`.trimStart();
}

const baseUrl = "the base URL (--base-url or AUTO_EXTEND_BASE_URL)";

function whatToDoIfNotDone(error: AutoExtendError): string {
  if (isHttpError(error) || isApiError(error)) return whatToDoAboutStatus(error);
  if (isTimeoutError(error)) {
    return "Give the server more time with --timeout, or run the same command again later.";
  }
  if (isNetworkError(error) && error.code === noTls) return checkProtocol;
  if (isUntrusted(error)) return checkCertificate;
  if (isNetworkError(error) && / bad port\b/.test(error.problem)) {
    return "Correct the port of the base URL: Node does not connect to ports of other protocols, such as 1 or 25.";
  }
  if (isContractError(error)) {
    return "This program cannot read the server's answer: auto-extend doctor shows what differs, and --json the answer.";
  }
  const isRefused = isNetworkError(error) && error.code === "ECONNREFUSED";
  // A server on this machine is called directly.
  if (isRefused && error.request && isLoopback(new URL(error.request.url).hostname)) {
    return `Start the server, such as the mock with \`npx @auto-extend/mock-server\`, or correct ${baseUrl}. Then run the same command again.`;
  }
  return `Check ${baseUrl}, the network and the proxy variables, then run the same command again.`;
}

/** Above the limit of the list of IP addresses: no other answer may be as large. */
export const listTooLarge = `larger than ${(listIpAddresses.answerLimit ?? 0) / 1024 ** 2} MiB`;

export function isListTooLarge(error: unknown): boolean {
  return isContractError(error) && error.issues[0]?.message === `The body is ${listTooLarge}`;
}

const howToReadLess =
  "orders --type lists one type. on and off do without the list if you give --type, --days, --no-preview and --no-read-back.";

/** The problems of an answer under a good status that is not a JSON object, and its beginning on one line. */
function pageIn(error: AutoExtendError): { issues: readonly Issue[]; text: string } | undefined {
  if (!isContractError(error) || typeof error.body !== "string") return undefined;
  const line = error.body.replace(/[\p{Cc}\s]+/gu, " ").trim();
  return { issues: error.issues, text: line.slice(0, 80) };
}

/** OpenSSL's code for bytes that are not TLS. They may also come in the middle of a connection: nothing is certain. */
const noTls = "ERR_SSL_WRONG_VERSION_NUMBER";

/** Whether a server answered with a certificate that Node does not trust. */
export function isUntrusted(error: AutoExtendError): boolean {
  const untrusted = /^(CERT_|(DEPTH_ZERO_)?SELF_SIGNED_CERT|UNABLE_TO_|ERR_TLS_CERT_)/;
  return isNetworkError(error) && untrusted.test(error.code ?? "");
}

export const checkCertificate =
  "Check the host of the base URL. If your own gateway is in between, let Node trust its certificate with NODE_EXTRA_CA_CERTS.";

const checkProtocol =
  "The server does not seem to speak TLS at this port: check whether the base URL should begin with http://.";

export const checkBaseUrl = `Check ${baseUrl}: what answers there is probably not the provider's API.`;

/** The next step if an HTTP status says for certain that nothing was done. */
function whatToDoAboutStatus(error: ApiError | HttpError): string {
  switch (error.status) {
    case 401:
    case 403:
      return "Check the API key, and the rules of any gateway before the API; --json shows the answer.";
    case 404:
    case 405:
      return checkBaseUrl;
    case 413:
      return "Send fewer orders: split the list, and run the command once for each part.";
    case 429:
      return `${pauseAskedFor(error) || "Wait."} Then run the same command again. The option --rate of on, off, undo, price and forecast sends fewer requests per second.`;
    default:
      if (isTrouble(error))
        return `${pauseAskedFor(error)} The server is in trouble: run the same command again later.`.trimStart();
      // A run can end after a success that asks for a long pause, or after refusals that nobody can explain.
      if (error.status < 300) {
        return (
          pauseAskedFor(error) || "Ask the provider's support what the error means, before you continue."
        );
      }
      if (error.status < 400) {
        return `Check ${baseUrl}: the API does not redirect. --json shows the answer.`;
      }
      return "Look for the reason in the answer, which --json shows: a gateway may have refused the request.";
  }
}

function pauseAskedFor({ retryAfter }: ApiError | HttpError): string {
  if (!retryAfter) return "";
  return `The server asks to wait ${spanText(Math.ceil(retryAfter / 1000))}.`;
}

function sourcesOf({ issues }: RequestError): string {
  const sources = issues.map(({ path }) =>
    path === "apiKey" ? "AUTO_EXTEND_API_KEY or the file with the API key" : "the command",
  );
  return [...new Set(sources)].join(", and ");
}

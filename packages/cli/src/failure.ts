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
  type RequestError,
} from "@auto-extend/client";
import { type Effect, formatIssues, type Issue, isTroubleStatus } from "@auto-extend/core";
import { CliError, howToFindOut, interrupted } from "./cli-error.js";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import type { JsonError } from "./json-output.js";
import { counted } from "./words.js";

/** How a run ends that something stopped. */
export interface Failure {
  readonly exitCode: ExitCode;
  /** What stopped it, as `--json` shows it. */
  readonly error: JsonError;
}

interface Circumstances {
  readonly effect: Effect;
  readonly signal: AbortSignal | undefined;
}

/**
 * Says what was thrown, what it means for the orders, and what to do next.
 *
 * @param circumstances what the run may have done to the orders so far, and the signal that may have interrupted it.
 */
export function failureOf(thrown: unknown, { effect, signal }: Circumstances): Failure {
  const known = thrown instanceof CliError || isAutoExtendError(thrown);
  const error = signal?.aborted && !known ? interrupted(effect) : thrown;
  if (error instanceof CliError) {
    const { exitCode, name, message, whatToDo } = error;
    return { exitCode, error: { ...nothingMore, name, message, whatToDo, effect: error.effect } };
  }
  if (isAutoExtendError(error)) {
    return {
      exitCode: exitCodeOf(error),
      error: {
        name: error.name,
        message: messageOf(error),
        whatToDo: whatToDoAbout(error),
        effect: error.effect,
        attempts: error.attempts,
        code: isApiError(error) || isNetworkError(error) ? error.code : null,
        status: isApiError(error) || isHttpError(error) || isContractError(error) ? error.status : null,
        issues: isRequestError(error) || isContractError(error) ? [...error.issues] : [],
        body: isApiError(error) || isHttpError(error) || isContractError(error) ? error.body : null,
      },
    };
  }
  return {
    exitCode: exitCodes.bug,
    error: {
      ...nothingMore,
      name: "Bug",
      message: `This is a bug of auto-extend itself. ${stackOf(error)}`,
      whatToDo:
        "Please report it to the makers of @auto-extend/cli, with this text and the command. The API key is not in it.",
      effect,
    },
  };
}

const nothingMore = { attempts: 0, code: null, status: null, issues: [], body: null };

function exitCodeOf(error: AutoExtendError): ExitCode {
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

function messageOf(error: AutoExtendError): string {
  const page = pageIn(error);
  if (page !== undefined) {
    const begins = page.text && `, and begins with: ${page.text}`;
    return `The answer breaks the contract. ${formatIssues(page.issues)}${begins || "."}`;
  }
  if (!isApiError(error) || isTrouble(error)) return error.message;
  const refusal = `The provider refused: error ${error.code}, "${error.providerMessage}". ${error.description.meaning}`;
  return error.effect === "none"
    ? refusal
    : `${refusal} But an earlier attempt of this run got no complete answer, and may have been carried out.`;
}

function whatToDoAbout(error: AutoExtendError): string {
  if (isRequestError(error)) return `Correct ${sourcesOf(error)}; --help shows examples.`;
  if (isApiError(error) && !isTrouble(error)) {
    const { whatToDo } = error.description;
    return error.effect === "none" ? whatToDo : `${whatToDo} ${howToFindOut}`;
  }
  if (pageIn(error) !== undefined) {
    return `${checkBaseUrl} Where it is the API after all, look the orders up in your account.`;
  }
  if (error.effect === "reported-applied") {
    return "The provider reports that it is done, so look the orders up in your account before anything else. --json shows the whole answer.";
  }
  if (error.effect === "unknown") {
    if (isNetworkError(error) && error.code === noTls) return `${checkProtocol} ${howToFindOut}`;
    if (!isHttpError(error) && !isApiError(error)) return howToFindOut;
    return `${error.status < 400 ? checkBaseUrl : pauseAskedFor(error)} ${howToFindOut}`.trimStart();
  }
  if (isHttpError(error) || isApiError(error)) return whatToDoAboutStatus(error);
  if (isContractError(error)) {
    return "The server answers in a way that this program can't read: auto-extend doctor tells what differs. --json shows the answer.";
  }
  return "Check --base-url, the network and the proxy variables, then run the command again.";
}

/** An answer under a good status that is no JSON object: what is wrong with it, and its beginning on one line. */
function pageIn(error: AutoExtendError): { issues: readonly Issue[]; text: string } | undefined {
  if (!isContractError(error) || typeof error.body !== "string") return undefined;
  const line = error.body.replace(/[\p{Cc}\s]+/gu, " ").trim();
  return { issues: error.issues, text: line.slice(0, 80) };
}

/** What OpenSSL calls bytes that are no TLS. They may also break into a connection that stood: so nothing is certain. */
const noTls = "ERR_SSL_WRONG_VERSION_NUMBER";

const checkProtocol =
  "The server seems to speak no TLS at this port: check whether --base-url was to begin with http://.";

const checkBaseUrl = "Check --base-url and AUTO_EXTEND_BASE_URL: what answered is probably not the API.";

/** What to do where an HTTP status says for certain that nothing was done. */
function whatToDoAboutStatus(error: ApiError | HttpError): string {
  switch (error.status) {
    case 401:
    case 403:
      return "Check the API key, and what a gateway before the API asks for; --json shows the answer.";
    case 404:
    case 405:
      return checkBaseUrl;
    case 413:
      return "Send fewer orders: split the list, and run the command once for each part.";
    case 429:
      return `${pauseAskedFor(error) || "Wait."} Then run the same command again.`;
    default:
      if (isTrouble(error))
        return `${pauseAskedFor(error)} The server is in trouble: run the same command again later.`.trimStart();
      return "Look for the reason in the answer, which --json shows: a gateway may have refused the request.";
  }
}

/** The pause that the server asks for, where it asks for one. */
function pauseAskedFor({ retryAfter }: ApiError | HttpError): string {
  if (!retryAfter) return "";
  return `The server asks to wait ${counted(Math.ceil(retryAfter / 1000), "second", "seconds")}: wait that long.`;
}

/** Where the values come from that a request error is about. */
function sourcesOf({ issues }: RequestError): string {
  const sources = issues.map(({ path }) =>
    path === "apiKey" ? "AUTO_EXTEND_API_KEY or the file with the API key" : "the command",
  );
  return [...new Set(sources)].join(", and ");
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}

import { printable, problemMediaType, transportErrors } from "@auto-extend/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parse } from "content-type";
import { hideKeysInPath } from "../engine/log/hide-keys.js";
import { exitCodes, exitCodesHelp, type Io, jsonText, UsageError, wholeNumber } from "./usage.js";

/** The connection of a command to the control API of a running mock. */

/** No mock answers, or it refused the request: the reason, and what to do next. */
export class ControlApiError extends Error {
  override readonly name = "ControlApiError";
  /** One of {@link exitCodes}. */
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

export interface ConnectionOptions {
  readonly url?: string;
  readonly port?: number;
  readonly controlToken?: string;
  readonly account?: string;
  readonly apiKey?: string;
  readonly json?: boolean;
}

export function isNarrowed({ account, apiKey }: ConnectionOptions): boolean {
  return account !== undefined || apiKey !== undefined;
}

export interface ControlRequest {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/__mock`, such as `/clock`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** The media type of the answer (default: JSON). */
  readonly accept?: "application/json" | "text/plain" | "text/event-stream";
  readonly signal?: AbortSignal;
}

const defaultPort = 4010;

/**
 * Adds the options that say which running mock is meant.
 *
 * @param several whether `--url` may be repeated: the action must then be one of {@link onEach}.
 */
export function addConnectionOptions(command: Command, { several = false } = {}): Command {
  const more = several ? "; may be repeated, for several mocks" : "";
  return (
    command
      .addOption(
        new Option("--url <url>", `the URL of the mock, or AUTO_EXTEND_MOCK_URL${more}`)
          .argParser(several ? addWebUrl : onlyWebUrl)
          .conflicts("port"),
      )
      .addOption(
        new Option(
          "--port <number>",
          `the port of the mock on this machine, or AUTO_EXTEND_MOCK_PORT (default: ${defaultPort})`,
        ).argParser(wholeNumber(1, 65_535)),
      )
      // Help would show a default, and a token is a secret.
      .option(
        "--control-token <token>",
        "the control token of the mock, if it has one, or AUTO_EXTEND_MOCK_CONTROL_TOKEN",
      )
      .addOption(new Option("--account <id>", "only this account").conflicts("apiKey"))
      .option("--api-key <key>", "only the account of this API key")
      .option("--json", "print JSON")
      .helpOption("-h, --help", "show this help")
      .addHelpText("after", exitCodesHelp)
      .allowExcessArguments(false)
  );
}

/**
 * Makes an action that is taken for each mock in turn, if `--url` names several. Each output stands below the URL; with
 * `--json`, all of them are one object, by URL. Nothing is done if one of the mocks does not answer, or is named twice.
 */
export function onEach<Options extends ConnectionOptions, Given extends unknown[]>(
  io: Io,
  action: (io: Io, options: Options, ...given: Given) => Promise<void>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    // Commander passes the arguments, the options and the command.
    const given = args.slice(0, -2) as Given;
    const { url: urls = [], ...rest } = args.at(-2) as Omit<ConnectionOptions, "url"> & { url?: string[] };
    const take = (its: Io, url: string | undefined) =>
      action(its, (url === undefined ? rest : { ...rest, url }) as Options, ...given);
    if (urls.length <= 1) return take(io, urls[0]);
    await refuseSameMock(urls, rest, io);
    const outputs: [url: string, output: string][] = [];
    for (const url of urls) {
      const texts: string[] = [];
      try {
        await take({ ...io, stdout: (text) => texts.push(text) }, url);
      } catch (error) {
        const done = outputs.map(([each]) => shownUrl(each));
        const notTried = urls.slice(done.length + 1).map(shownUrl);
        throw interrupted(error as Error, { url: shownUrl(url), done, rest: notTried });
      }
      outputs.push([url, texts.join("")]);
    }
    const parsed = () => Object.fromEntries(outputs.map(([url, text]) => [shownUrl(url), JSON.parse(text)]));
    if (rest.json) io.stdout(jsonText(parsed()));
    else for (const [url, text] of outputs) io.stdout(`${shownUrl(url)}\n${text.replace(/^(?=.)/gm, "  ")}`);
  };
}

/** @throws UsageError if two URLs lead to the same mock, whatever they look like: its clock would be advanced twice. */
async function refuseSameMock(urls: readonly string[], options: ConnectionOptions, io: Io): Promise<void> {
  const runs = new Map<string, string>();
  for (const url of urls) {
    const { run } = await askForJson<{ run: string }>({ ...options, url }, { path: "/health" }, io);
    const other = runs.get(run);
    if (other !== undefined) {
      throw new UsageError(`${shownUrl(other)} and ${shownUrl(url)} are the same mock. Name it once.`);
    }
    runs.set(run, url);
  }
}

function interrupted(
  error: Error,
  { url, done, rest }: { url: string; done: readonly string[]; rest: readonly string[] },
): Error {
  const states = [
    `At ${url}: ${error.message}`,
    done.length > 0 ? `Done before at ${done.join(", ")}.` : "Nothing was done at the others.",
    ...(done.length > 0 && rest.length > 0 ? [`Not tried at ${rest.join(", ")}.`] : []),
  ];
  const code = error instanceof ControlApiError ? error.exitCode : exitCodes.failed;
  return new ControlApiError(states.join("\n"), code);
}

/** Sends a request to a running mock, and returns the answer if it is a success of the expected media type. */
export async function askMock(
  options: ConnectionOptions,
  request: ControlRequest,
  io: Pick<Io, "env" | "command">,
): Promise<Response> {
  const url = urlOf(options, io.env);
  const shown = shownUrl(url);
  const { accept = "application/json" } = request;
  const response = await send(url, { options, request, io });
  const { type: mediaType } = parse(response.headers.get("content-type") ?? "", { parameters: false });
  if (response.ok && (response.status === 204 || mediaType === accept)) return response;
  if (mediaType !== problemMediaType) {
    throw new ControlApiError(
      `The server at ${shown} is not a mock, or it is a mock of another version (HTTP ${response.status}). Name the mock with --port PORT or --url URL.`,
    );
  }
  const detail = printable(detailOf(await response.text()));
  throw new ControlApiError(
    refusalText(detail, shown),
    response.status === 400 ? exitCodes.usage : exitCodes.failed,
  );
}

/** A refusal of the control API in the words of a shell, where people use options. */
function refusalText(detail: string, url: string): string {
  if (detail.includes("requires a token")) {
    return `The mock at ${url} requires its control token. Pass it with --control-token TOKEN: it is the one that the mock was started with, or the one that it printed at its start.`;
  }
  if (detail.startsWith(transportErrors.notFound.detail) && new URL(url).pathname !== "/") {
    return `There is no control API below ${url}. Give the URL of the mock without a path.`;
  }
  return detail;
}

/** Sends a request to a running mock and returns its JSON. The mock may be of another version: the type is a promise. */
export async function askForJson<Value>(
  options: ConnectionOptions,
  request: ControlRequest,
  io: Pick<Io, "env" | "command">,
): Promise<Value> {
  return (await (await askMock(options, request, io)).json()) as Value;
}

/** Letting a year pass in a large world takes a while. */
const timeoutMs = 60_000;

interface Sending {
  readonly options: ConnectionOptions;
  readonly request: ControlRequest;
  readonly io: Pick<Io, "env" | "command">;
}

async function send(url: string, { options, request, io }: Sending): Promise<Response> {
  const { account, apiKey, controlToken = io.env.AUTO_EXTEND_MOCK_CONTROL_TOKEN } = options;
  const { method = "GET", path, query = {}, body, accept = "application/json", signal } = request;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ account, ...query })) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const search = parameters.size > 0 ? `?${parameters}` : "";
  const headers = {
    accept,
    ...(controlToken ? { authorization: `Bearer ${controlToken}` } : {}),
    ...(apiKey === undefined ? {} : { "mock-api-key": apiKey }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  try {
    return await fetch(`${url.replace(/\/+$/, "")}/__mock${path}${search}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "manual",
      signal: signal ?? AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ControlApiError(noMockText(shownUrl(url), error, io));
  }
}

/** The message of the error itself is not shown: it may quote the token or the API key. */
function noMockText(url: string, error: unknown, io: Pick<Io, "command">): string {
  const { cause, name } = error as { cause?: { code?: string; message?: string }; name: string };
  const { port, hostname } = new URL(url);
  if (name === "TimeoutError") {
    return `The server at ${url} did not answer within ${timeoutMs / 1_000} seconds. Try again, or restart the mock.`;
  }
  if (cause?.message === "bad port") {
    return `No program can call port ${port}: HTTP clients block it. Start the mock on another port.`;
  }
  const code = cause?.code ?? "";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return `The host name ${hostname} can't be found (${code}). Correct the URL of the mock.`;
  }
  const portOption = port === String(defaultPort) || port === "" ? "" : ` --port ${port}`;
  return [
    `No mock answers at ${url} (${code || name}).`,
    `Start one on this machine: ${io.command}${portOption}`,
    "Or name another one with --port PORT or --url URL.",
  ].join("\n");
}

function urlOf({ url, port }: ConnectionOptions, env: Io["env"]): string {
  const { AUTO_EXTEND_MOCK_URL: urlFromEnv, AUTO_EXTEND_MOCK_PORT: portFromEnv } = env;
  if (url !== undefined) return url;
  if (port !== undefined) return `http://127.0.0.1:${port}`;
  if (urlFromEnv) {
    if (isWebUrl(urlFromEnv)) return urlFromEnv;
    throw new UsageError(`AUTO_EXTEND_MOCK_URL is not the URL of a mock. ${expectedUrl}`);
  }
  if (!portFromEnv) return `http://127.0.0.1:${defaultPort}`;
  if (/^[1-9]\d{0,4}$/.test(portFromEnv)) return `http://127.0.0.1:${portFromEnv}`;
  throw new UsageError(
    `AUTO_EXTEND_MOCK_PORT is "${portFromEnv}", which does not say where the mock is. Name its port with --port PORT.`,
  );
}

function detailOf(problem: string): string {
  try {
    return String(JSON.parse(problem).detail);
  } catch {
    return problem;
  }
}

const expectedUrl = "Give a URL such as http://127.0.0.1:4010.";

function webUrl(text: string): string {
  if (isWebUrl(text)) return text;
  throw new InvalidArgumentError(expectedUrl);
}

function addWebUrl(text: string, before: unknown): unknown {
  return [...((before as string[] | undefined) ?? []), webUrl(text)];
}

function onlyWebUrl(text: string, before: unknown): unknown {
  if (before === undefined) return webUrl(text);
  throw new UsageError("--url was given more than once. This command takes one mock.");
}

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, username } = new URL(text);
  return /^https?:$/.test(protocol) && search === "" && username === "";
}

/** A URL as messages show it. It may be that of the API, with an API key. */
function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return pathname === "/" ? origin : origin + hideKeysInPath(pathname).shown;
}

import { printable, problemMediaType } from "@auto-extend/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parse } from "content-type";
import { wholeNumber } from "./arguments.js";
import type { Io } from "./io.js";

/** A running mock cannot do what a command asks for, or there is none: what is wrong, and what to do next. */
export class ControlApiError extends Error {
  override readonly name = "ControlApiError";
}

/** The options of every command that talks to a running mock. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly port?: number;
  readonly controlToken?: string;
  readonly account?: string;
  readonly apiKey?: string;
  readonly json?: boolean;
}

/** One request to the control API of a running mock. */
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

/** Adds the options that say which running mock is meant. */
export function addConnectionOptions(command: Command, { accountScoped = true } = {}): Command {
  command
    .addOption(
      new Option("--url <url>", "where the mock is, or AUTO_EXTEND_MOCK_URL")
        .argParser(webUrl)
        .conflicts("port"),
    )
    .addOption(
      new Option(
        "--port <number>",
        "the same on this machine, or AUTO_EXTEND_MOCK_PORT (default: 4010)",
      ).argParser(wholeNumber(1, 65_535)),
    )
    // A default would be shown in the help, and a token is a secret.
    .option(
      "--control-token <token>",
      "the token of a mock that requires one, or AUTO_EXTEND_MOCK_CONTROL_TOKEN",
    )
    .option("--json", "print JSON");
  if (accountScoped) {
    command
      .addOption(new Option("--account <id>", "only this account").conflicts("apiKey"))
      .option("--api-key <key>", "only the account of this API key");
  }
  return command.helpOption("-h, --help", "show this help").allowExcessArguments(false);
}

/** Asks a running mock, and returns its answer once it is a success of the expected kind. */
export async function askMock(
  options: ConnectionOptions,
  request: ControlRequest,
  { env }: Pick<Io, "env">,
): Promise<Response> {
  const url = urlOf(options, env);
  const { accept = "application/json" } = request;
  const response = await send(url, { options, request, env });
  const { type: mediaType } = parse(response.headers.get("content-type") ?? "", { parameters: false });
  if (response.ok && (response.status === 204 || mediaType === accept)) return response;
  const problem = mediaType === problemMediaType ? await response.text() : null;
  throw new ControlApiError(refusalText(response.status, url, problem));
}

/** Asks a running mock for JSON. It is a mock of this version or another, so the type is what it promises. */
export async function askForJson<Value>(
  options: ConnectionOptions,
  request: ControlRequest,
  io: Pick<Io, "env">,
): Promise<Value> {
  const response = await askMock(options, request, io);
  return (response.status === 204 ? null : await response.json()) as Value;
}

/** JSON as the commands print it. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** How long a mock may take to answer, in milliseconds. To pass a year of a large world takes a while. */
const timeoutMs = 60_000;

interface Sending {
  readonly options: ConnectionOptions;
  readonly request: ControlRequest;
  readonly env: Io["env"];
}

async function send(url: string, { options, request, env }: Sending): Promise<Response> {
  const { account, apiKey, controlToken = env.AUTO_EXTEND_MOCK_CONTROL_TOKEN } = options;
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
    // Its message may quote the token or the API key.
    const { cause, name } = error as Error & { cause?: { code?: string } };
    throw new ControlApiError(
      `No mock answers at ${url} (${cause?.code ?? name}). Start one with npx @auto-extend/mock-server (in a clone of the repository: npm start), or say where it is with --port PORT or --url URL.`,
    );
  }
}

function urlOf({ url, port }: ConnectionOptions, env: Io["env"]): string {
  if (url !== undefined) return url;
  if (port !== undefined) return `http://127.0.0.1:${port}`;
  const { AUTO_EXTEND_MOCK_URL: named, AUTO_EXTEND_MOCK_PORT: ownPort } = env;
  if (named) {
    if (isWebUrl(named)) return named;
    throw new InvalidArgumentError(
      `The environment variable AUTO_EXTEND_MOCK_URL can't be used. ${expected}`,
    );
  }
  return `http://127.0.0.1:${ownPort && /^[1-9]\d{0,4}$/.test(ownPort) ? ownPort : 4010}`;
}

function refusalText(status: number, url: string, problem: string | null): string {
  if (problem === null) {
    return `The server at ${url} is not a mock, or one of another version (HTTP ${status}). Say where the mock is with --port PORT or --url URL.`;
  }
  const detail = printable(detailOf(problem));
  return status === 403 ? `${detail} Here: --control-token TOKEN.` : detail;
}

function detailOf(problem: string): string {
  try {
    return String(JSON.parse(problem).detail);
  } catch {
    return problem;
  }
}

const expected = "Give a URL such as http://127.0.0.1:4010.";

function webUrl(text: string): string {
  if (isWebUrl(text)) return text;
  throw new InvalidArgumentError(expected);
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

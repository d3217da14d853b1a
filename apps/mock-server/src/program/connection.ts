import { printable, problemMediaType } from "@auto-extend/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parse } from "content-type";
import { hideKeysInPath } from "../engine/log/hide-keys.js";
import { exitCodes, exitCodesHelp, type Io, jsonText, throughNpx, UsageError, wholeNumber } from "./usage.js";

/** The connection of a command to the control API of a running mock. */

/** No mock answers, or it refused the request: the reason, and what to do next. */
export class ControlApiError extends Error {
  override readonly name = "ControlApiError";
  /** One of {@link exitCodes}. */
  readonly exitCode: number;
  /** The ID of the mock's refusal, such as `mock/stateless`, if it has one. */
  readonly problemId: string | undefined;

  constructor(message: string, exitCode: number = exitCodes.failed, problemId?: string) {
    super(message);
    this.exitCode = exitCode;
    this.problemId = problemId;
  }
}

export interface ConnectionOptions {
  readonly url?: readonly string[];
  readonly port?: number;
  readonly controlToken?: string;
  readonly account?: string;
  readonly apiKey?: string;
  readonly json?: boolean;
}

export function isAccountScoped({ account, apiKey }: ConnectionOptions): boolean {
  return account !== undefined || apiKey !== undefined;
}

export interface ControlRequest {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/__mock`, such as `/clock`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

const defaultPort = 4010;

/** Adds the options that say which running mocks are meant. The action must be one of {@link onEach}. */
export function addConnectionOptions(
  command: Command,
  limits = {
    account: "only this account",
    apiKey: "only the account of this API key (created if the key is new)",
  },
): Command {
  return (
    command
      .addOption(
        new Option(
          "--url <url>",
          "the URL of the mock (default: AUTO_EXTEND_MOCK_URL); may be repeated, for several mocks",
        )
          .argParser(addWebUrl)
          .conflicts("port"),
      )
      .addOption(
        new Option(
          "--port <number>",
          `the port of the mock on this machine (default: AUTO_EXTEND_MOCK_PORT, or ${defaultPort})`,
        ).argParser(wholeNumber(1, 65_535)),
      )
      // Help would show a default, and a token is a secret.
      .option(
        "--control-token <token>",
        "the control token of the mock, if it requires one (default: AUTO_EXTEND_MOCK_CONTROL_TOKEN)",
      )
      .addOption(new Option("--account <id>", limits.account).conflicts("apiKey"))
      .option("--api-key <key>", limits.apiKey)
      .option("--json", "print JSON")
      .helpOption("-h, --help", "show this help")
      .addHelpText("after", exitCodesHelp.command)
      .allowExcessArguments(false)
  );
}

/** Sends a request to a running mock and returns its JSON, if it has any. The mock may be of another version: the type is a promise. */
export type CallMock = <Value>(request: ControlRequest) => Promise<Value>;

/** The result of a command: for `--json`, and for people. */
export interface Output {
  readonly json: unknown;
  readonly text: string;
}

/**
 * Makes an action that is taken for each mock in turn, and prints its output. With several mocks, each text stands below the
 * URL, and the JSON is one object, by URL. Nothing is done if one of them does not answer, or is named twice.
 */
export function onEach<Options extends ConnectionOptions, Given extends unknown[]>(
  io: Io,
  run: (call: CallMock, options: Options, ...given: Given) => Promise<Output>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    // Commander passes the arguments, the options and the command.
    const given = args.slice(0, -2) as Given;
    const options = args.at(-2) as Options;
    const mocks = urlsOf(options, io.env).map((url) => ({
      shown: shownUrl(url),
      call: <Value>(request: ControlRequest) => callMock<Value>(url, { options, request, io }),
    }));
    if (mocks.length > 1) await refuseSameMock(mocks);
    const outputs: (Output & Mock)[] = [];
    for (const mock of mocks) {
      const output = await run(mock.call, options, ...given).catch((error) => {
        throw mocks.length > 1 ? interrupted(error, mocks, outputs.length) : error;
      });
      outputs.push({ ...mock, ...output });
    }
    const isOne = outputs.length === 1;
    const json = isOne
      ? outputs[0]?.json
      : Object.fromEntries(outputs.map(({ shown, json }) => [shown, json]));
    const texts = outputs.map(({ shown, text }) =>
      isOne ? text : `${shown}\n${text.replace(/^(?=.)/gm, "  ")}`,
    );
    io.stdout(options.json ? jsonText(json) : texts.join(""));
  };
}

interface Mock {
  /** Its URL, as messages show it. */
  readonly shown: string;
  readonly call: CallMock;
}

/** @throws UsageError if two URLs lead to the same mock, whatever they look like: its clock would be advanced twice. */
async function refuseSameMock(mocks: readonly Mock[]): Promise<void> {
  const runs = new Map<string, string>();
  for (const { shown, call } of mocks) {
    // Health is the whole mock's, and knows no account.
    const { run } = await call<{ run: string }>({ path: "/health", query: { account: undefined } });
    const other = runs.get(run);
    if (other !== undefined) throw new UsageError(`${other} and ${shown} are the same mock. Name it once.`);
    runs.set(run, shown);
  }
}

/** @param done how many of the mocks have done it. */
function interrupted(error: Error, mocks: readonly Mock[], done: number): Error {
  if (error instanceof UsageError) return error;
  const urls = mocks.map(({ shown }) => shown);
  const rest = urls.slice(done + 1);
  const states = [
    `At ${urls[done]}: ${error.message}`,
    done > 0 ? `Done at ${urls.slice(0, done).join(", ")}.` : "Nothing was done at the others.",
    ...(done > 0 && rest.length > 0 ? [`Not tried at ${rest.join(", ")}.`] : []),
  ];
  const code = error instanceof ControlApiError ? error.exitCode : exitCodes.failed;
  return new ControlApiError(states.join("\n"), code);
}

interface Sending {
  readonly options: ConnectionOptions;
  readonly request: ControlRequest;
  readonly io: Pick<Io, "env" | "command" | "stop">;
}

async function callMock<Value>(url: string, sending: Sending): Promise<Value> {
  const response = await send(url, sending);
  const { type: mediaType } = parse(response.headers.get("content-type") ?? "", { parameters: false });
  if (response.status === 204) return undefined as Value;
  if (response.ok && mediaType === "application/json") return response.json() as Promise<Value>;
  const shown = shownUrl(url);
  if (mediaType !== problemMediaType) {
    // As a load balancer does if the mock behind it is down.
    const isDown = response.status >= 502 && response.status <= 504;
    if (isDown)
      throw new ControlApiError(`${shown} answered HTTP ${response.status}: no mock answers behind it.`);
    throw new ControlApiError(
      `The server at ${shown} is not a mock, or it is a mock of another version (HTTP ${response.status}). Name the mock with --port PORT or --url URL.`,
    );
  }
  const refusal = problemOf(await response.text());
  throw new ControlApiError(
    refusalText(refusal, shown).replaceAll(throughNpx, sending.io.command),
    response.status === 400 ? exitCodes.usage : exitCodes.failed,
    refusal.id,
  );
}

/** A refusal of the control API in the words of a shell, where people use options. */
function refusalText({ id, detail }: Refusal, url: string): string {
  if (id === "mock/no-control-token") {
    return `The mock at ${url} requires its control token. Pass it with --control-token TOKEN: it is the one that the mock was started with, or the one that it printed at its start.`;
  }
  // Those of the mocked API have no ID.
  if (id === undefined && new URL(url).pathname !== "/") {
    return `There is no control API below ${url}. Give the URL of the mock without a path.`;
  }
  return printable(detail);
}

/** Letting a year pass in a large world takes a while. */
const timeoutMs = 60_000;

async function send(url: string, { options, request, io }: Sending): Promise<Response> {
  const { account, apiKey, controlToken = io.env.AUTO_EXTEND_MOCK_CONTROL_TOKEN } = options;
  const { method = "GET", path, query = {}, body } = request;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ account, ...query })) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const search = parameters.size > 0 ? `?${parameters}` : "";
  for (const [option, value = ""] of Object.entries({
    "--control-token": controlToken,
    "--api-key": apiKey,
  })) {
    // The value itself is a secret.
    if (/[^\x20-\x7e]/.test(value))
      throw new UsageError(
        `${option} contains a character that is not allowed in an HTTP header (only printable ASCII is). Copy it again, without quotes and spaces around it.`,
      );
  }
  const headers = {
    accept: "application/json",
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
      signal: AbortSignal.any([io.stop, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (error) {
    if (io.stop.aborted) throw new ControlApiError("Stopped before the mock answered.", exitCodes.stopped);
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
    return `Port ${port} can't be used: fetch and browsers block it. Start the mock on another port.`;
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

function urlsOf({ url, port }: ConnectionOptions, env: Io["env"]): readonly string[] {
  if (url !== undefined) return url;
  return [port === undefined ? urlFromEnvironment(env) : `http://127.0.0.1:${port}`];
}

function urlFromEnvironment(env: Io["env"]): string {
  const { AUTO_EXTEND_MOCK_URL: url, AUTO_EXTEND_MOCK_PORT: port } = env;
  if (url) {
    if (isWebUrl(url)) return url;
    throw new UsageError(`AUTO_EXTEND_MOCK_URL is not the URL of a mock. ${expectedUrl}`);
  }
  if (!port) return `http://127.0.0.1:${defaultPort}`;
  if (/^[1-9]\d{0,4}$/.test(port)) return `http://127.0.0.1:${port}`;
  throw new UsageError(
    `AUTO_EXTEND_MOCK_PORT is "${port}", which does not say where the mock is. Name its port with --port PORT.`,
  );
}

interface Refusal {
  readonly detail: string;
  readonly id?: string;
}

function problemOf(text: string): Refusal {
  try {
    const { detail, id } = JSON.parse(text);
    return { detail: String(detail), id };
  } catch {
    return { detail: text };
  }
}

const expectedUrl = "Give a URL such as http://127.0.0.1:4010.";

function addWebUrl(text: string, before: readonly string[] = []): readonly string[] {
  if (isWebUrl(text)) return [...before, text];
  throw new InvalidArgumentError(expectedUrl);
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

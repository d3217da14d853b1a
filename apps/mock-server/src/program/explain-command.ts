import { printable, problemMediaType } from "@auto-extend/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parse } from "content-type";
import type { Io } from "./io.js";

/** A request that can't be explained: what is wrong, why, and what to do next. */
export class ExplainError extends Error {
  override readonly name = "ExplainError";
}

interface ExplainOptions {
  readonly url: string;
  readonly controlToken?: string;
  readonly json?: boolean;
}

const examples = `
ID is what the answer's mock-request-id header says, and what stands in GET /__mock/requests.

Examples:
  auto-extend-mock explain                                   the last request
  auto-extend-mock explain request-7                         that one
  auto-extend-mock explain --url http://127.0.0.1:4011       of a mock on another port
  auto-extend-mock explain --json | jq .rules                for programs`;

/** Adds `explain` to the program: it asks a mock that runs for the story of a request. */
export function addExplainCommand(program: Command, io: Pick<Io, "env" | "stdout">): void {
  // The program's own options are not those of its sub-commands, some of which have the same names.
  program.enablePositionalOptions();
  const { AUTO_EXTEND_MOCK_URL: url, AUTO_EXTEND_MOCK_CONTROL_TOKEN: token } = io.env;
  const urlOption = new Option("--url <url>", "where the mock is, or AUTO_EXTEND_MOCK_URL").argParser(webUrl);
  const tokenOption = new Option(
    "--control-token <token>",
    "the token of a mock that wants one, or AUTO_EXTEND_MOCK_CONTROL_TOKEN",
  );
  program
    .command("explain")
    .description("Tells why a request was answered as it was, and what it changed.")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", examples)
    .argument("[id]", "the id of the request", "last")
    .allowExcessArguments(false)
    .addOption(urlOption.default(url || "http://127.0.0.1:4010"))
    // A default would stand in the help, and a token is a secret.
    .addOption(tokenOption)
    .option("--json", "print the story as JSON")
    .action(async (id: string, options: ExplainOptions, command: Command) => {
      if (!isWebUrl(options.url)) command.error(`error: AUTO_EXTEND_MOCK_URL can't be followed. ${wanted}`);
      io.stdout(await storyOf(id, token ? { controlToken: token, ...options } : options));
    });
}

const wanted = "Give a URL such as http://127.0.0.1:4010.";

/** How long a mock may take to answer, in milliseconds. */
const patience = 10_000;

async function storyOf(id: string, options: ExplainOptions): Promise<string> {
  const { json = false } = options;
  const response = await ask(id, options);
  const text = await response.text();
  const { type: mediaType } = parse(response.headers.get("content-type") ?? "", { parameters: false });
  if (response.ok && mediaType === (json ? "application/json" : "text/plain")) {
    // What was sent stands in it, and could take over a terminal.
    return json ? `${JSON.stringify(JSON.parse(text), null, 2)}\n` : printable(text);
  }
  throw new ExplainError(refusal(response.status, options.url, mediaType === problemMediaType ? text : null));
}

async function ask(id: string, { url, controlToken, json }: ExplainOptions): Promise<Response> {
  try {
    return await fetch(`${url.replace(/\/+$/, "")}/__mock/requests/${encodeURIComponent(id)}`, {
      headers: {
        accept: json ? "application/json" : "text/plain",
        ...(controlToken === undefined ? {} : { authorization: `Bearer ${controlToken}` }),
      },
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
  } catch (error) {
    // Its message may quote the token.
    const { cause, name } = error as Error & { cause?: { code?: string } };
    throw new ExplainError(
      `No mock answers at ${url} (${cause?.code ?? name}). Start one with npx @auto-extend/mock-server (in a clone of the repository: npm start), or say where it is: npx @auto-extend/mock-server explain --url http://127.0.0.1:PORT.`,
    );
  }
}

/** Why there is no story, for people. */
function refusal(status: number, url: string, problem: string | null): string {
  if (problem === null) {
    return `What answers at ${url} is no mock that explains requests (HTTP ${status}). Say where the mock is: auto-extend-mock explain --url http://127.0.0.1:PORT.`;
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

function webUrl(text: string): string {
  if (isWebUrl(text)) return text;
  throw new InvalidArgumentError(wanted);
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

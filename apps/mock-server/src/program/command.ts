import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { upstreamProblem } from "../proxy/upstream.js";
import { type LogStyle, logStyles } from "./announcer.js";
import { wholeNumber } from "./arguments.js";
import { addClockCommand } from "./commands/clock.js";
import { addExplainCommand } from "./commands/explain.js";
import { addFaultsCommand } from "./commands/faults.js";
import { addRequestsCommand } from "./commands/requests.js";
import { addResetCommand, addStateCommand } from "./commands/state.js";
import { addWatchCommand } from "./commands/watch.js";
import { addWorldCommand } from "./commands/world.js";
import type { Io } from "./io.js";

/** What the command line and the environment ask for. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  /** The path of a world file. */
  readonly world?: string;
  /** The path of a state file. */
  readonly state?: string;
  readonly apiKey: readonly string[];
  readonly cors: readonly string[];
  readonly log: LogStyle;
  readonly controlToken?: string;
  readonly logLimit: number;
  readonly accountLimit: number;
  /** The base URL of a server to forward requests to. */
  readonly upstream?: string;
  readonly allowHttp?: boolean;
}

/** Settings that can't be followed. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const examples = `
Each option can also be set in the environment, as AUTO_EXTEND_MOCK_ and its name in capitals
(AUTO_EXTEND_MOCK_PORT=0, AUTO_EXTEND_MOCK_API_KEY="key-1,key-2"); the command line wins.

Examples:
  auto-extend-mock                                   the default world on http://127.0.0.1:4010
  auto-extend-mock --port 0 --log json               a free port, printed in the first line
  auto-extend-mock --world world.json                your own accounts and orders
  auto-extend-mock --state state.json                goes on where it was stopped
  auto-extend-mock --api-key key-1 key-2             any other API key is refused with error 2
  auto-extend-mock --cors http://localhost:5173      lets that page use the mock
  auto-extend-mock world new --orders 10000          generates a world file
  auto-extend-mock --upstream https://youproxy.io    forwards requests and checks them against the contract`;

/**
 * Reads the command line and the environment; help, version and whatever is not serving is answered right here.
 *
 * @returns the settings for serving; `undefined` where nothing is left to do.
 * @throws UsageError where they can't be followed.
 */
export async function readCommand(argv: readonly string[], io: Io): Promise<Settings | undefined> {
  let settings: Settings | undefined;
  const program = describe(io).action((options: Settings) => {
    settings = options;
  });
  // The program's own options are not those of its commands, some of which have the same names.
  program.enablePositionalOptions();
  for (const add of commands) add(program, io);
  const names = program.commands.map((command) => command.name());
  const [first = ""] = argv;
  if (/^\w/.test(first) && !names.includes(first)) {
    throw new UsageError(
      `There is no command "${first}". There are: ${names.join(", ")}; without one the mock is started.\nauto-extend-mock --help shows all options.`,
    );
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return settings && passable(settings);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const [, second = ""] = argv;
    const inner = program.commands.find((command) => command.name() === first)?.commands ?? [];
    const path = [first, second].filter((name, index) =>
      (index === 0 ? program.commands : inner).some((command) => command.name() === name),
    );
    const meant = ["auto-extend-mock", ...path, "--help"].join(" ");
    throw new UsageError(`${error.message.replace(/^error: /, "")}\n${meant} shows all options.`);
  }
}

const commands: readonly ((program: Command, io: Io) => void)[] = [
  addRequestsCommand,
  addExplainCommand,
  addStateCommand,
  addFaultsCommand,
  addClockCommand,
  addResetCommand,
  addWatchCommand,
  addWorldCommand,
];

/** Settings whose upstream can be used; none is fine, too. */
function passable(settings: Settings): Settings {
  const { upstream, allowHttp, world, apiKey, state } = settings;
  const problem = upstreamProblem(
    {
      ...(upstream === undefined ? {} : { upstream }),
      upstreamAllowHttp: allowHttp ?? false,
      world,
      apiKeys: apiKey,
      stateFile: state,
    },
    {
      upstream: "--upstream",
      allowHttp: "--allow-http",
      world: "--world",
      apiKeys: "--api-key",
      stateFile: "--state",
    },
  );
  if (problem) throw new UsageError(`${problem}\nauto-extend-mock --help shows all options.`);
  return settings;
}

function describe(io: Io): Command {
  const command = new Command("auto-extend-mock")
    .description("Answers the auto-extend request as the provider does: no network, no account, no money.")
    .version(version(), "-V, --version", "show the version")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", examples)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: () => {}, outputError: () => {} });
  const one = <Value>(flags: string, says: string, parse: (text: string) => Value, fallback?: Value) => {
    const preset = fromEnvironment(flags, io.env, parse);
    const option = new Option(flags, says).argParser(parse);
    if (fallback !== undefined) option.default(fallback, String(fallback));
    if (preset !== undefined) option.default(preset, "from the environment");
    command.addOption(option);
  };
  const many = (flags: string, says: string, parse: (text: string) => string) => {
    const preset = fromEnvironment(flags, io.env, (text) =>
      text.split(",").map((part) => parse(part.trim())),
    );
    let given: string[] | undefined;
    // What is given on the command line takes the place of what the environment says, so it starts a list of its own.
    const gather = (text: string) => {
      given = [...(given ?? []), parse(text)];
      return given;
    };
    const shown = preset ? "from the environment" : "none";
    command.addOption(new Option(flags, says).argParser(gather).default(preset ?? [], shown));
  };

  one("--port <number>", "the port; 0 picks a free one", wholeNumber(0, 65_535), 4010);
  one("--host <name>", "the host name or address to listen on", filled, "127.0.0.1");
  one("--world <file>", "a world file (JSON) with accounts and orders", filled);
  one(
    "--state <file>",
    "a file that keeps the state across restarts; where there is one it wins, and the world is for resets alone",
    filled,
  );
  many("--api-key <key...>", "API keys that are known, where not any key shall be", filled);
  many("--cors <origin>", "an origin whose pages may use the mock; may be repeated", origin);
  one("--log <style>", `how requests are shown: ${logStyles.join(", ")}`, logStyle, "pretty" as LogStyle);
  one("--control-token <token>", "what the control API wants when listening beyond this machine", filled);
  one("--log-limit <number>", "how many requests the log keeps", wholeNumber(0, 1_000_000), 1_000);
  one(
    "--account-limit <number>",
    "how many accounts are made for new API keys",
    wholeNumber(0, 1_000_000),
    10_000,
  );
  one(
    "--upstream <url>",
    "forward requests to this server, and check both directions against the contract",
    filled,
  );
  const allowHttp = fromEnvironment("--allow-http", io.env, yesOrNo) ?? false;
  command.addOption(
    new Option("--allow-http", "allow plain http: for --upstream beyond this machine").default(allowHttp),
  );
  return command;
}

function fromEnvironment<Value>(
  flags: string,
  env: Io["env"],
  parse: (text: string) => Value,
): Value | undefined {
  const [, flag = ""] = /^--([a-z-]+)/.exec(flags) ?? [];
  const name = `AUTO_EXTEND_MOCK_${flag.toUpperCase().replaceAll("-", "_")}`;
  const text = env[name];
  if (!text) return undefined;
  try {
    return parse(text);
  } catch (error) {
    throw new UsageError(`The environment variable ${name} can't be followed. ${(error as Error).message}`);
  }
}

function filled(text: string): string {
  if (text) return text;
  throw new InvalidArgumentError("It must not be empty.");
}

function yesOrNo(text: string): boolean {
  if (["1", "true", "yes"].includes(text.toLowerCase())) return true;
  if (["0", "false", "no"].includes(text.toLowerCase())) return false;
  throw new InvalidArgumentError("Give true or false.");
}

function origin(text: string): string {
  if (URL.canParse(text) && new URL(text).origin === text) return text;
  throw new InvalidArgumentError("Give an origin without a path, such as http://localhost:5173.");
}

function logStyle(text: string): LogStyle {
  const style = logStyles.find((known) => known === text);
  if (style) return style;
  throw new InvalidArgumentError(`Give one of ${logStyles.join(", ")}.`);
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return version;
}

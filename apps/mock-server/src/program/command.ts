import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { hideKeyLikeName } from "../engine/log/hide-keys.js";
import { quoteShort, suggestion } from "../lib/text.js";
import { origin } from "../mock-engine.js";
import { upstreamOf } from "../proxy/upstream.js";
import { type LogStyle, logStyles } from "./announcer.js";
import { addClockCommand } from "./commands/clock.js";
import { addFaultsCommand } from "./commands/faults.js";
import { addExplainCommand, addRequestsCommand } from "./commands/requests.js";
import { addResetCommand, addStateCommand } from "./commands/state.js";
import { addWorldCommand } from "./commands/world.js";
import { examplesHelp, exitCodesHelp, type Io, UsageError, valueBy, wholeNumber } from "./usage.js";

/** Reads the command line and the environment. */

export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly world?: string;
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

const environmentHelp = `
Each option can also be set in the environment, as AUTO_EXTEND_MOCK_ and its
name in capitals with _ for -, such as AUTO_EXTEND_MOCK_LOG_LIMIT=50; several
values are separated by commas. The command line takes precedence.`;

const examples = [
  ["", "the default world on http://127.0.0.1:4010"],
  ["--port 0 --log json", "a free port, printed on the first line"],
  ["--world world.json", "your own accounts and orders"],
  ["--state state.json", "resume where the mock was stopped"],
  ["--api-key key-1 --api-key key-2", "refuse any other API key with error 2"],
  ["--cors http://localhost:5173", "let the pages of that origin use the mock"],
  ["--upstream https://youproxy.io", "forward requests, and check them and the answers against the contract"],
  ["world new --orders 10000 > world.json", "generate a world file"],
] as const;

/** The options of the mock as they are typed. */
const flags = {
  upstream: "--upstream",
  upstreamAllowHttp: "--allow-http",
  world: "--world",
  apiKeys: "--api-key",
  stateFile: "--state",
};

const commands: readonly ((program: Command, io: Io) => void)[] = [
  addRequestsCommand,
  addExplainCommand,
  addStateCommand,
  addFaultsCommand,
  addClockCommand,
  addResetCommand,
  addWorldCommand,
];

/** Reads the settings for serving; `undefined` after help or a command, which run right here. It throws UsageErrors. */
export async function readCommand(given: readonly string[], io: Io): Promise<Settings | undefined> {
  const argv = given[0] === "help" ? [...given.slice(1), "--help"] : given;
  let settings: Settings | undefined;
  const program = createProgram(io)
    .action((options: Settings) => {
      settings = options;
    })
    .hook("preAction", (_, action) => refuseOptionsBefore(action));
  for (const add of commands) add(program, io);
  const { path, command } = commandIn(program, argv);
  try {
    refuseUnknownCommand(command, path, argv[path.length]);
    await program.parseAsync(argv, { from: "user" });
    if (settings) {
      const { upstream, allowHttp: upstreamAllowHttp, world, apiKey: apiKeys, state: stateFile } = settings;
      upstreamOf({ upstream, upstreamAllowHttp, world, apiKeys, stateFile }, flags);
    }
    return settings;
  } catch (error) {
    if (![CommanderError, UsageError, RangeError].some((kind) => error instanceof kind)) throw error;
    if (error instanceof CommanderError && error.exitCode === 0) return undefined;
    const message = error instanceof CommanderError ? messageOf(error, command) : (error as Error).message;
    throw new UsageError(`${message}\nAll options: ${[io.command, ...path, "--help"].join(" ")}`);
  }
}

/** The command that the command line begins with, and its names from the program on. */
function commandIn(program: Command, argv: readonly string[]): { command: Command; path: string[] } {
  const path: string[] = [];
  let command = program;
  for (const word of argv) {
    const next = command.commands.find((each) => each.name() === word);
    if (!next) break;
    command = next;
    path.push(word);
  }
  return { command, path };
}

/** Commander gives an option before a command's name to the command above it, which does not run: nothing would heed it. */
function refuseOptionsBefore(action: Command): void {
  for (let above = action.parent; above; above = above.parent) {
    const { options } = above;
    const given = options.find((each) => above?.getOptionValueSource(each.attributeName()) === "cli");
    if (given) throw new UsageError(`${given.long} must come after "${action.name()}".`);
  }
}

/** To commander, an unknown command is an argument too many: the program and some commands do something without one. */
function refuseUnknownCommand(command: Command, path: readonly string[], word = ""): void {
  if (command.commands.length === 0 || !/^\w/.test(word)) return;
  const names = commandNames(command);
  if (names.includes(word)) return;
  const hint = suggestion(word, names);
  // It may be an API key without --api-key.
  const whole = [...path, hideKeyLikeName(word)].join(" ");
  const start = path.length > 0 ? "" : " Without a command the mock starts.";
  throw new UsageError(`Unknown command "${whole}". ${hint}${start}`);
}

function commandNames(command: Command): string[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => each.name());
}

/** Rewrites commander's messages as sentences that start with what is wrong. */
const rewrites: readonly (readonly [RegExp, string])[] = [
  [/^error: /, ""],
  // Not quoted: it may be the URL of the API, with an API key.
  [/^option '--url[^']*' argument '.*' is invalid\. /s, "--url is not the URL of a mock. "],
  [/^option '(--[\w-]+)[^']*' argument '(.*)' is invalid\. /s, '$1 can\'t be "$2". '],
  [/^command-argument value '(.*)' is invalid for argument '(.*)'\. /s, '"$1" is not a valid $2. '],
  [/^option '(--[\w-]+)[^']*' argument missing$/, "$1 needs a value."],
  [
    /^option '(--[\w-]+).*' cannot be used with option '(--[\w-]+).*'$/,
    "$1 and $2 can't be used together. Remove one of them.",
  ],
  [/^unknown option '(-\d.*?)'.*/s, "$1 is negative, which is not possible here."],
  [/Allowed choices are (.*)\.$/, "Give one of $1."],
  [/^unknown (option|command) '(.*?)'/s, "Unknown $1 $2."],
  [/^too many arguments/, "Too many arguments"],
  [/\n\((.*)\)$/, " $1"],
];

function messageOf({ message }: CommanderError, command: Command): string {
  if (message === "(outputHelp)")
    return `Use ${commandNames(command)
      .map((name) => `${command.name()} ${name}`)
      .join(" or ")}.`;
  const [, missing] = /^error: missing required argument '(.*)'$/.exec(message) ?? [];
  const argument = command.registeredArguments.find((each) => each.name() === missing);
  if (argument) return `The argument ${missing} is missing: ${argument.description}.`;
  const [, flag] = /^error: unknown option '(--[\w-]+)=/.exec(message) ?? [];
  if (command.options.some(({ long }) => long === flag)) return `${flag} takes no value.`;
  const [, unknown] = /^error: unknown option '(--[\w-]+)/.exec(message) ?? [];
  const owners = command.commands.filter(({ options }) => options.some(({ long }) => long === unknown));
  const names = owners.map((each) => each.name()).join(", ");
  if (command.parent && names !== "")
    return `${unknown} belongs to a command of ${command.name()}: ${names}.`;
  return rewrites.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), message);
}

function createProgram(io: Io): Command {
  const command = new Command(io.command)
    .description("Start a mock of the provider's auto-extend API: no network, no account, no money.")
    .version(version(), "-V, --version", "show the version")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", `${environmentHelp}\n${exitCodesHelp.mock}\n${examplesHelp(io, examples)}`)
    .allowExcessArguments(false)
    // Some commands have options with the same names as the program's own.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: () => {}, outputError: () => {} });
  addServingOptions(command, io.env);
  return command;
}

function addServingOptions(command: Command, env: Io["env"]): void {
  /** Invalid variables, by the option that they set. They concern only a mock that starts, without that option. */
  const broken = new Map<string, UsageError>();
  command.hook("preAction", (_, action) => {
    if (action !== command) return;
    for (const [name, problem] of broken) if (command.getOptionValueSource(name) !== "cli") throw problem;
  });

  function fromEnvironment<Value>(option: Option, parse: (text: string) => Value): Value | undefined {
    const flag = option.long ?? "";
    const name = `AUTO_EXTEND_MOCK_${flag.slice(2).toUpperCase().replaceAll("-", "_")}`;
    const text = env[name];
    if (!text) return undefined;
    try {
      return parse(text);
    } catch (error) {
      const shown = secretOptions.includes(flag) ? "is invalid" : `can't be ${quoteShort(text)}`;
      broken.set(option.attributeName(), new UsageError(`${name} ${shown}. ${(error as Error).message}`));
      return undefined;
    }
  }

  function addOption(
    flags: string,
    description: string,
    fallback?: unknown,
    parse: (text: string) => unknown = filled,
  ) {
    const option = new Option(flags, description).argParser(parse);
    const fromEnv = fromEnvironment(option, parse);
    if (fallback !== undefined) option.default(fallback, String(fallback));
    if (fromEnv !== undefined) option.default(fromEnv, "from the environment");
    command.addOption(option);
  }

  function addListOption(
    flags: string,
    description: string,
    none: string,
    parse: (text: string) => string = filled,
  ): void {
    let given: string[] | undefined;
    // The command line replaces the list of the environment instead of adding to it.
    const gather = (text: string) => {
      given = [...(given ?? []), parse(text)];
      return given;
    };
    const option = new Option(flags, description).argParser(gather);
    const fromEnv = fromEnvironment(option, (text) => text.split(",").map((part) => parse(part.trim())));
    command.addOption(option.default(fromEnv ?? [], fromEnv ? "from the environment" : none));
  }

  const count = wholeNumber(0, 1_000_000);
  addOption("--port <number>", "the port; 0 picks a free one", 4010, wholeNumber(0, 65_535));
  addOption("--host <name>", "the host name or address to listen on", "127.0.0.1");
  addOption("--world <file>", "a world file (JSON) with accounts and orders");
  addOption("--state <file>", "keep the state in this file; if it exists, it takes precedence over --world");
  addListOption(
    "--api-key <key>",
    "accept only this API key and those of the world; may be repeated",
    "any key",
  );
  addListOption(
    "--cors <origin>",
    "an origin whose pages may use the mock; may be repeated",
    "none",
    valueBy(origin),
  );
  addOption("--log <style>", `how requests are shown: ${logStyles.join(", ")}`, "pretty", logStyle);
  addOption(
    "--control-token <token>",
    "a token that the control API then requires (default: none, or a generated one if other machines can reach the mock)",
  );
  addOption(
    "--log-limit <number>",
    "maximum number of requests in the log, which also drops the oldest beyond 32 MiB",
    1_000,
    count,
  );
  addOption("--account-limit <number>", "maximum number of accounts for new API keys", 10_000, count);
  addOption(
    "--upstream <url>",
    "forward requests to this server, and check them and the answers against the contract",
  );
  const allowHttp = new Option("--allow-http", "allow plain HTTP to an upstream on another machine");
  if (fromEnvironment(allowHttp, yesOrNo)) allowHttp.default(true, "from the environment");
  command.addOption(allowHttp);
}

/** Their values are not quoted. */
const secretOptions: readonly string[] = ["--api-key", "--control-token"];

function filled(text: string): string {
  if (text) return text;
  throw new InvalidArgumentError("It must not be empty.");
}

function yesOrNo(text: string): boolean {
  if (["1", "true", "yes"].includes(text.toLowerCase())) return true;
  if (["0", "false", "no"].includes(text.toLowerCase())) return false;
  throw new InvalidArgumentError("Give true or false.");
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

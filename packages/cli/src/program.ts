import { Command, InvalidArgumentError, type Option } from "commander";
import { usageError } from "./cli-error.js";
import type { OpenapiOptions } from "./commands/openapi.js";
import type { SwitchOptions } from "./commands/switch.js";
import type { VerifyOptions } from "./commands/verify.js";
import { daysOf } from "./days.js";
import { helpOf } from "./help.js";
import type { CommandName, GlobalOptions, Invocation } from "./invocation.js";
import { version } from "./version.js";

/** What reading the arguments tells as it goes. */
export interface Listener {
  /** Takes the text of `--help` and `--version`. */
  write(text: string): void;
  /** Takes the help that stands for a command that is missing. */
  warn(text: string): void;
  /** The command was named; whether the rest makes sense is not known yet. */
  named(command: CommandName): void;
  /** Everything makes sense: this is asked for. */
  asked(invocation: Invocation): void;
}

/** The commands and options. Parsing calls the listener; what a command needs is loaded only when it is carried out. */
export function createProgram(listener: Listener): Command {
  const program = new Command("auto-extend")
    .exitOverride()
    .configureOutput({
      writeOut: listener.write,
      writeErr: listener.warn,
      outputError: () => {}, // It is thrown as well.
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: true })
    .description("Switches auto-extend on and off for whole orders, and checks servers against the contract.")
    .option("--base-url <url>", "the server to talk to (AUTO_EXTEND_BASE_URL); the live one where left out")
    .option("--api-key-file <file>", "reads the API key from the first line of a file")
    .option("--timeout <seconds>", "how long one attempt may take", seconds)
    .option("--allow-http", "allows plain http to other machines: the API key is readable on the way")
    .option("--json", "prints one JSON document on stdout, also where something fails")
    .option("--verbose", "tells of every attempt on stderr")
    .option("--no-color", "prints without colour (NO_COLOR, FORCE_COLOR)")
    .version(version, "--version", "prints the version")
    .helpOption("--help", "explains the program, or a command")
    .helpCommand("help [command]", "explains the program, or a command")
    .addHelpText("after", helpOf("auto-extend"))
    .hook("preSubcommand", (_, command) => listener.named(command.name() as CommandName));

  function ask(command: CommandName, execute: Invocation["execute"]): void {
    listener.asked({ command, options: program.opts<GlobalOptions>(), execute });
  }

  for (const name of ["on", "off"] as const) {
    const purpose = name === "on" ? "on: it costs money at each renewal" : "off";
    program
      .command(`${name} [orderId...]`)
      .description(`Switches auto-extend ${purpose}. Every IP address of the given orders is switched.`)
      .requiredOption("--type <type>", "the proxy type of the orders: IPv4, IPv6, MOBILE or ISP, in any case")
      .requiredOption("--days <days>", "the rental period in days; switching off needs it as well", days)
      .option("--file <file>", "reads order ids from a file, one a line or CSV; - is stdin")
      .option("--yes", "switches on without asking; off never asks")
      .option("--dry-run", "prints the request as a curl command without the API key, and sends nothing")
      .addHelpText("after", helpOf(name))
      .action((orderIds: string[], options: SwitchOptions) =>
        ask(name, async (context) => {
          const { switchOrders } = await import("./commands/switch.js");
          return switchOrders(context, { ...options, orderIds, autoExtend: name === "on" });
        }),
      );
  }

  program
    .command("verify")
    .description("Runs the contract tests against a server, and tells which assumptions it contradicts.")
    .option(
      "--allow-changes",
      "runs the cases that a server can act on too, on other machines than this one; asks first",
    )
    .option(
      "--order <type:id[,id...][:days]>",
      "orders for the success cases, which leave them off: a renewal that was on is lost; can be repeated",
      collect,
    )
    .option(
      "--grade <grade>",
      "leaves out the cases whose evidence is weaker: reference, sibling, observed or assumed",
    )
    .option("--only <prefix>", "runs only the cases whose id begins so")
    .option("--yes", "runs what --allow-changes allows without asking")
    .addHelpText("after", helpOf("verify"))
    .action((options: VerifyOptions) =>
      ask("verify", async (context) => {
        const { verify } = await import("./commands/verify.js");
        return verify(context, options);
      }),
    );

  program
    .command("errors [code]")
    .description("Explains the provider's error codes, or one of them, and how sure each meaning is.")
    .addHelpText("after", helpOf("errors"))
    .action((code: string | undefined) =>
      ask("errors", async (context) => {
        const { explainErrors } = await import("./commands/errors.js");
        return explainErrors(context, code);
      }),
    );

  program
    .command("openapi")
    .description("Prints the OpenAPI document of the request.")
    .option("--yaml", "prints YAML; JSON where left out")
    .option("--server <url>", "names this server in the document, and no other")
    .addHelpText("after", helpOf("openapi"))
    .action((options: OpenapiOptions) =>
      ask("openapi", async () => {
        const { printOpenapi } = await import("./commands/openapi.js");
        return printOpenapi(options);
      }),
    );

  for (const { options } of [program, ...program.commands]) {
    for (const option of options) {
      if (option.required && option.parseArg !== collect) takeOnce(option);
    }
  }
  return program;
}

/** Lets an option be given once: taking the last of two values without a word could switch what nobody meant to. */
function takeOnce(option: Option): void {
  const { parseArg } = option;
  option.argParser((text: string, earlier: unknown) => {
    if (earlier !== undefined) {
      throw usageError(`${option.long} was given more than once.`, "Give it once: one run takes one value.");
    }
    return parseArg ? parseArg(text, earlier) : text;
  });
}

function days(text: string): number {
  const value = daysOf(text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError(
    `It must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}, such as 30.`,
  );
}

const mostSeconds = 86_400;

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= mostSeconds) return value;
  throw new InvalidArgumentError(`It must be a number of seconds above 0, ${mostSeconds} at most.`);
}

function collect(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}

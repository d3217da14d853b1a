import { Command, type Option } from "commander";
import { emptyValue, howToNameServer, usageError } from "./cli-error.js";
import { helpWith } from "./help.js";
import type { CommandName, GlobalOptions, Invocation } from "./invocation.js";
import { defineBalance } from "./program/balance.js";
import { defineCompletion } from "./program/completion.js";
import type { Definition } from "./program/definition.js";
import { defineDoctor } from "./program/doctor.js";
import { defineErrors } from "./program/errors.js";
import { defineForecast } from "./program/forecast.js";
import { defineOpenapi } from "./program/openapi.js";
import { defineOrders } from "./program/orders.js";
import { definePeriods } from "./program/periods.js";
import { definePrice } from "./program/price.js";
import { defineSwitch } from "./program/switch.js";
import { collect, seconds } from "./program/values.js";
import { defineVerify } from "./program/verify.js";
import { version } from "./version.js";

/** The commands, in the order in which the help lists them. */
const definitions: readonly Definition[] = [
  defineOrders,
  defineSwitch,
  definePrice,
  definePeriods,
  defineBalance,
  defineForecast,
  defineDoctor,
  defineVerify,
  defineErrors,
  defineOpenapi,
  defineCompletion,
];

const examples = [
  "export AUTO_EXTEND_API_KEY=...   # or --api-key-file FILE",
  "auto-extend doctor",
  "auto-extend orders --auto off --ending-within 7d",
  "auto-extend price 11111",
  "auto-extend on 11111 --days 30",
  "auto-extend forecast --days 90",
  "auto-extend off 11111 --base-url http://127.0.0.1:4010   # the mock server",
];

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
    .description(
      "Lists orders, prices them, switches auto-extend on and off, tells what comes of it, and checks servers.",
    )
    .option("--base-url <url>", "the server to talk to, or AUTO_EXTEND_BASE_URL (default: the live server)")
    .option("--api-key-file <file>", "reads the API key from the first line of a file")
    .option("--timeout <seconds>", "how long one attempt may take", seconds)
    .option("--allow-http", "allows plain http to other machines: the API key is readable on the way")
    .option("--json", "prints one JSON document on stdout, also where something fails")
    .option("--verbose", "tells of every attempt on stderr")
    .option("--no-color", "prints without colour (NO_COLOR, FORCE_COLOR)")
    .version(version, "--version", "prints the version")
    .helpOption("--help", "explains the program, or a command")
    .helpCommand("help [command]", "explains the program, or a command")
    .addHelpText("after", helpWith(examples))
    .hook("preSubcommand", (_, command) => listener.named(command.name() as CommandName));

  for (const define of definitions) {
    define(program, (command, execute) =>
      listener.asked({ command, options: program.opts<GlobalOptions>(), execute }),
    );
  }

  for (const { options } of [program, ...program.commands]) {
    for (const option of options) {
      if (option.required && option.parseArg !== collect) takeOneValue(option);
    }
  }
  return program;
}

/** Refuses a second value of an option, and an empty one: going by either could switch orders that nobody meant. */
function takeOneValue(option: Option): void {
  const { parseArg } = option;
  let given = false;
  option.argParser((text: string, earlier: unknown) => {
    if (given) {
      throw usageError(`${option.long} was given more than once.`, "Give it once: one run takes one value.");
    }
    given = true;
    if (text.trim() === "") {
      throw emptyValue(String(option.long), option.long === "--base-url" ? howToNameServer : undefined);
    }
    return parseArg ? parseArg(text, earlier) : text;
  });
}

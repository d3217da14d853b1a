/** The commands and the options of all of them, as the help lists them. Each command is loaded when it is named. */
import { InvalidArgumentError } from "commander";
import type { Command, OptionSpec } from "../app/command.js";

/** A command before it is loaded. */
export interface CommandEntry {
  readonly description: string;
  /** Such as `<type>` or `[orderId...]` (default: none). */
  readonly argument?: string;
  load(): Promise<Command>;
}

/** The commands, in the order in which the help lists them. */
export const commands = {
  orders: {
    description: "List your orders, when they end, and whether auto-extend is on.",
    load: async () => (await import("./orders.js")).orders,
  },
  on: {
    description: "Switch auto-extend on for every IP address of these orders. Each renewal costs money.",
    argument: "[orderId...]",
    load: async () => (await import("./switch.js")).on,
  },
  off: {
    description: "Switch auto-extend off for every IP address of these orders.",
    argument: "[orderId...]",
    load: async () => (await import("./switch.js")).off,
  },
  undo: {
    description: "Restore the state before the run recorded in a ledger.",
    argument: "<ledger>",
    load: async () => (await import("./switch.js")).undo,
  },
  price: {
    description: "Show what one renewal of orders costs. Spends nothing.",
    argument: "[orderId...]",
    load: async () => (await import("./price.js")).price,
  },
  periods: {
    description: "Show the rental periods that are sold, for one proxy type or all.",
    argument: "[type]",
    load: async () => (await import("./periods.js")).periods,
  },
  balance: {
    description: "Show the balance of your account.",
    load: async () => (await import("./balance.js")).balance,
  },
  forecast: {
    description: "Show the renewals to come, their cost, and when the balance runs out.",
    load: async () => (await import("./forecast.js")).forecast,
  },
  doctor: {
    description: "Check the server, TLS, API key, clock and answers, with requests that only read.",
    load: async () => (await import("./doctor/index.js")).doctor,
  },
  verify: {
    description: "Check a server against the contract, and report which assumptions it contradicts.",
    load: async () => (await import("./verify/index.js")).verify,
  },
  errors: {
    description: "Explain the provider's error codes, or one of them.",
    argument: "[code]",
    load: async () => (await import("./errors.js")).errors,
  },
  openapi: {
    description: "Print the OpenAPI document of the requests.",
    load: async () => (await import("./openapi.js")).openapi,
  },
  completion: {
    description: "Print a script that completes commands, options and values in a shell.",
    argument: "<shell>",
    load: async () => (await import("./completion.js")).completion,
  },
} satisfies Record<string, CommandEntry>;

export type CommandName = keyof typeof commands;

/** Finds a command by its name. */
export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

/** The options of all commands, before or after the name. */
export const globalOptions = {
  baseUrl: {
    flags: "--base-url <url>",
    description: "the server, also AUTO_EXTEND_BASE_URL (default: the live server)",
  },
  apiKeyFile: {
    flags: "--api-key-file <file>",
    description: "read the API key from the first line of a file",
    values: "file",
  },
  timeout: {
    flags: "--timeout <seconds>",
    description: "how long one attempt may take (default: 30)",
    parse: seconds,
  },
  allowHttp: {
    flags: "--allow-http",
    description: "allow plain http to other machines: anyone on the way can read the API key",
  },
  json: { flags: "--json", description: "print one JSON document on stdout, also for errors" },
  verbose: { flags: "--verbose", description: "report every attempt on stderr" },
  color: { flags: "--no-color", description: "no colours (also NO_COLOR, FORCE_COLOR)" },
} satisfies Record<string, OptionSpec<unknown>>;

const maxSeconds = 86_400;

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= maxSeconds) return value;
  throw new InvalidArgumentError(`It must be a number of seconds above 0, up to ${maxSeconds}.`);
}

import type { Context } from "./context.js";
import type { ExitCode } from "./exit-codes.js";

/** The options that every command takes, before or after its name. */
export interface GlobalOptions {
  readonly baseUrl?: string;
  readonly apiKeyFile?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly allowHttp?: true;
  readonly json?: true;
  readonly verbose?: true;
  readonly color: boolean;
}

/** The name of a command. */
export type CommandName =
  | "orders"
  | "on"
  | "off"
  | "price"
  | "periods"
  | "balance"
  | "forecast"
  | "doctor"
  | "verify"
  | "errors"
  | "openapi"
  | "completion";

/** What the arguments ask for. */
export interface Invocation {
  /** Null where no command was named. */
  readonly command: CommandName | null;
  readonly options: GlobalOptions;
  readonly execute: (context: Context) => Promise<Outcome>;
}

/** What a command comes to where nothing stops it. */
export interface Outcome {
  /** Done where left out. */
  readonly exitCode?: ExitCode;
  /** The `result` of `--json`. */
  readonly result: unknown;
  /** The same for people, with its line ends. */
  readonly text: () => string;
}

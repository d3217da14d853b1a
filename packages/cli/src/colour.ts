import { styleText } from "node:util";
import type { GlobalOptions } from "./invocation.js";
import type { Io, Sink } from "./io.js";

/** Colours a text, or leaves it as it is. */
export type Paint = (colour: "bold" | "dim" | "green" | "red" | "yellow", text: string) => string;

interface Wishes {
  readonly options: Pick<GlobalOptions, "color">;
  readonly env: Io["env"];
}

/** Whether a stream takes colours: `--no-color`, `NO_COLOR` and `FORCE_COLOR` decide in this order, then the terminal. */
export function isColoured(sink: Sink, { options, env }: Wishes): boolean {
  if (!options.color || env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
  return sink.isTTY === true && env.TERM !== "dumb";
}

/** The paint for a stream that takes colours, or doesn't. */
export function painter(coloured: boolean): Paint {
  return (colour, text) => (coloured ? styleText(colour, text, { validateStream: false }) : text);
}

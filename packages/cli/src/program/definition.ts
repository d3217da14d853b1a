import type { Command } from "commander";
import type { CommandName, Invocation } from "../invocation.js";

/** What a definition calls once its command is asked for. */
export type Ask = (command: CommandName, execute: Invocation["execute"]) => void;

/** Adds a command, its options and its help to the program. What carries it out is loaded only when it is asked for. */
export type Definition = (program: Command, ask: Ask) => void;

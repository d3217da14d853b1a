export { type ExitCode, exitCodeMeanings, exitCodes } from "./exit-codes.js";
export type { Io, Sink } from "./io.js";
export { type JsonError, type JsonOutput, jsonOutput } from "./json-output.js";
export { run } from "./run.js";

export type { Io, Sink } from "./app/context.js";
export { type ExitCode, exitCodeMeanings, exitCodes } from "./app/errors.js";
export type { JsonError } from "./app/failure.js";
export { type JsonOutput, jsonOutput } from "./program/json.js";
export { run } from "./program/run.js";

import { execa } from "execa";
import { cliProgram } from "../harness/programs.mjs";
import { successMark } from "./servers.mjs";

/**
 * The time from the start of a server to its first success, in milliseconds.
 *
 * @param {import("./servers.mjs").BenchServer} server
 * @param {import("./servers.mjs").BenchRequest} request
 */
export async function timeToReady({ name, start }, { method, path, body }) {
  const begin = performance.now();
  const server = await start();
  const headers = { "content-type": "application/json" };
  const answer = await fetch(new URL(path, server.url), { method, headers, ...(body ? { body } : {}) });
  const isSuccess = (await answer.text()).includes(successMark);
  const took = performance.now() - begin;
  await server.stop();
  if (!isSuccess) throw new Error(`The first answer of ${name} was not a success.`);
  return took;
}

/** The time that Node takes for nothing, and that the CLI takes for its help, in milliseconds. */
export async function startUp() {
  return { node: await timeToRun(["-e", "0"]), help: await timeToRun([cliProgram, "--help"]) };
}

/** @param {readonly string[]} args */
async function timeToRun(args) {
  const begin = performance.now();
  await execa(process.execPath, args);
  return performance.now() - begin;
}

const engine = ["world", "apiKeys", "logLimit", "accountLimit", "now", "onRequest"];
const app = [...engine, "cors", "controlToken", "upstream", "upstreamAllowHttp"];
const server = [...app, "port", "host", "stateFile", "onStateTrouble"];

/** The options of each way to make a mock. */
export const optionNames = { engine, app, server };

/**
 * Refuses options that there are not: one that is misspelled would silently do nothing.
 *
 * @throws RangeError that names them, and those there are.
 */
export function refuseUnknownOptions(options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new RangeError(`There is no option ${unknown.join(", ")} of a mock. There are: ${known.join(", ")}.`);
}

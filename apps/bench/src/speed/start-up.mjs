/**
 * The time from the start of a server to its first answer, in milliseconds.
 *
 * @param {import("./servers.mjs").BenchServer} server
 * @param {import("./servers.mjs").BenchRequest} request
 */
export async function timeToReady({ name, start }, { method, path, headers, body, expect }) {
  const begin = performance.now();
  const server = await start();
  const answer = await fetch(new URL(path, server.url), { method, headers, ...(body ? { body } : {}) });
  const isExpected = (await answer.text()).includes(expect);
  const took = performance.now() - begin;
  await server.stop();
  if (!isExpected) throw new Error(`The first answer of ${name} was wrong.`);
  return took;
}

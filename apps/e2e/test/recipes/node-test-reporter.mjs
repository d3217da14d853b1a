/**
 * Prints the results of node:test as one line of JSON each. Its own reports don't say in which file a test passed.
 *
 * @param {AsyncIterable<{ type: string, data: { file?: string } }>} events
 */
// biome-ignore lint/style/noDefaultExport: Node takes the reporter from there.
export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    yield `${JSON.stringify({ file: data.file, passed: type === "test:pass" })}\n`;
  }
}

import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { members } from "../../../../scripts/members.mjs";
import { execute } from "../execute.ts";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));

/** Node has these, and the test environments that stand in for browsers, such as jsdom, take them away. */
const missing = [
  "BroadcastChannel",
  "FormData",
  "Headers",
  "MessageChannel",
  "ReadableStream",
  "Request",
  "Response",
  "TextDecoder",
  "TextDecoderStream",
  "TextEncoder",
  "TransformStream",
  "fetch",
  "setImmediate",
  "structuredClone",
];

const entries = members(checkout)
  .filter(({ manifest }) => !manifest.private)
  .flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) =>
      typeof target === "string"
        ? []
        : [{ name: join(manifest.name, subpath), file: join(folder, target.default) }],
    ),
  )
  // MSW itself needs them.
  .filter(({ name }) => !name.endsWith("/msw"));

it("every entry of the packages can be imported where no global of a browser is there", async () => {
  expect(entries.map(({ name }) => name)).toContain("@auto-extend/mock-server/testing");
  const urls = Object.fromEntries(entries.map(({ name, file }) => [name, pathToFileURL(file).href]));
  const program = `
    for (const name of ${JSON.stringify(missing)}) delete globalThis[name];
    const failed = [];
    for (const [name, url] of Object.entries(${JSON.stringify(urls)})) {
      await import(url).catch((error) => failed.push(name + ": " + error.stack));
    }
    console.log(JSON.stringify(failed));
  `;
  const { stdout, stderr } = await execute(process.execPath, ["--input-type=module", "-e", program], {
    cwd: checkout,
  });
  expect(JSON.parse(stdout || JSON.stringify(stderr))).toEqual([]);
});

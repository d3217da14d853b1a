import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { type Io, run } from "@auto-extend/cli";
import { listIpAddresses, setAutoExtend, specOf } from "@auto-extend/core";
import { createMockFetch } from "@auto-extend/mock-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canaries, expectNoCanary } from "./secrets.js";

/** Refuses everything, and quotes the URL in texts and names of fields, encoded and not. */
const quoting = createServer(({ url = "" }, response) => {
  const error = { code: 29, message: `no such order: ${url}`, [decodeURIComponent(url)]: url };
  response.end(JSON.stringify({ ...specOf(setAutoExtend).examples.failure, error }));
});
let baseUrl: string;
beforeAll(async () => {
  await new Promise<void>((ready) => quoting.listen(0, "127.0.0.1", ready));
  baseUrl = `http://127.0.0.1:${(quoting.address() as AddressInfo).port}`;
});
afterAll(() => quoting.close());

// What single commands print is proven by the tests of the CLI, for a key that no encoding changes.
describe.each(canaries)("the API key %s", (apiKey) => {
  it.each([[], ["--json"]])(
    "stays out of all that the CLI prints where a server quotes it (%j)",
    async (...style) => {
      const order = ["--type", "IPv4", "--days", "30", "11111", "--verbose"];
      for (const command of [
        ["off", ...order],
        ["on", ...order, "--yes"],
        ["off", ...order, "--dry-run"],
        ["verify"],
      ]) {
        const printed = await runCli([...command, "--base-url", baseUrl, ...style], apiKey);
        expect(printed).not.toBe("");
        expectNoCanary(printed);
      }
    },
  );

  it("stays out of the report of verify where all is well", async () => {
    const printed = await runCli(["verify", "--base-url", "http://127.0.0.1"], apiKey, {
      fetch: createMockFetch(),
    });
    expect(printed).toContain("setAutoExtend");
    expectNoCanary(printed);
  });

  it("stays out of the report of a crash", async () => {
    const encoded = encodeURIComponent(apiKey);
    const error = new TypeError(`it fell over ${apiKey}`, { cause: new Error(`because of ${encoded}`) });
    error.stack += `\n    at https://youproxy.io/client/api/v1/${encoded}/extend/order/auto`;
    const argv = ["on", "--no-preview", "--type", "IPv4", "--days", "30", "11111"];
    const printed = await runCli(argv, apiKey, { confirm: () => Promise.reject(error) });
    expect(printed).toMatch(/TypeError: it fell over \[redacted\].*at .*\[redacted\]\/extend/s);
    expectNoCanary(printed);
  });
});

// The list of IP addresses has them lawfully. A faulty server may send its records in any answer.
describe("the credentials of proxies", () => {
  const { IPv4 } = specOf(listIpAddresses).examples.requests;
  const records = { orders: [{ ...Object(IPv4.success), proxyPass: "mock-password" }] };
  const order = ["--type", "IPv4", "--days", "30", "11111", "--verbose"];

  it.each([[{ ...specOf(setAutoExtend).examples.failure, ...records }], [{ success: true, ...records }]])(
    "stay out of all that the CLI prints of any answer (%#)",
    async (answer) => {
      for (const command of [
        ["off", ...order],
        ["on", ...order, "--yes"],
        ["price", ...order.slice(0, -1)],
        ["verify"],
      ]) {
        for (const style of [[], ["--json"]]) {
          const printed = await runCli(
            [...command, "--base-url", "http://127.0.0.1", ...style],
            "any-api-key",
            {
              fetch: async () => new Response(JSON.stringify(answer)),
            },
          );
          expect(printed).not.toBe("");
          expect(printed).not.toMatch(/mock-(login|password|token)/);
        }
      }
    },
  );
});

/** Runs the CLI as at a terminal where nobody says yes, and returns all that it printed. */
async function runCli(argv: readonly string[], apiKey: string, own: Partial<Io> = {}): Promise<string> {
  let printed = "";
  const sink = {
    isTTY: true,
    write(text: string) {
      printed += text;
    },
  };
  await run(argv, {
    stdin: Object.assign(Readable.from([]), { isTTY: true }),
    stdout: sink,
    stderr: sink,
    env: { AUTO_EXTEND_API_KEY: apiKey },
    confirm: async () => false,
    ...own,
  });
  return printed;
}

import { describe, expect, it } from "vitest";
import { canary, offIPv4, runCli, type Surroundings } from "./support/cli.js";
import { fileWith } from "./support/folder.js";
import { answer, deadUrl, failure, serve, serveSuccess, successFor } from "./support/server.js";

const off = [...offIPv4, "111", "--verbose", "--base-url"];

/** Everything that a run writes, with and without `--json`. */
async function outputsOf(argv: readonly string[], surroundings: Surroundings = {}): Promise<string> {
  const runs = [await runCli(argv, surroundings), await runCli(["--json", ...argv], surroundings)];
  return runs.map(({ stdout, stderr }) => `${stdout}\n${stderr}`).join("\n");
}

describe("the API key", () => {
  it("is in no output of a success whose server repeats it everywhere", async () => {
    const server = await serve((response, { body, url }) =>
      answer(response, {
        ...successFor(body),
        ipAddressIds: [canary],
        currency: canary,
        [canary]: `see ${url}`,
      }),
    );
    const output = await outputsOf([...off, server.url]);
    expect(output).toContain("[redacted]");
    expect(output).not.toContain(canary);
  });

  it("is in no output if it is in the wrong place", async () => {
    const server = await serveSuccess();
    const path = `/client/api/v1/${canary}/extend/order/auto`;
    const outputs = [
      await outputsOf([...off.slice(0, 5), canary, "--dry-run"]),
      await outputsOf([...off, `${server.url}${path}`]),
      await outputsOf([...off, `https://${canary}@youproxy.io`]),
      await outputsOf(["off", "--no-preview", "--no-read-back", "--type", canary, "--days", "30", "111"]),
      await outputsOf(["errors", canary]),
      await outputsOf(["openapi", "--server", `https://youproxy.io${path}`]),
      await outputsOf([...off, server.url, "--file", await fileWith(`111\n"${canary}`)]),
    ];
    for (const output of outputs) expect(output).not.toContain(canary);
  });

  it("comes from the first line of a file, before the environment, and is in no output either", async () => {
    const server = await serve((response) => answer(response, failure(2, "Error api key of-the-file-0123")));
    const file = await fileWith(" of-the-file-0123 \r\nanother line\r\n", "key");
    const output = await outputsOf([...off, server.url, "--api-key-file", file]);
    expect(server.seen[0]?.url).toBe("/client/api/v1/of-the-file-0123/extend/order/auto");
    expect(output).not.toContain("of-the-file-0123");
  });

  it("may come from stdin", async () => {
    const server = await serveSuccess();
    await runCli([...off, server.url, "--api-key-file", "-"], { stdin: "of-stdin-0123\n" });
    expect(server.seen[0]?.url).toBe("/client/api/v1/of-stdin-0123/extend/order/auto");
  });

  it("must be given, and the error names its file, but not the content", async () => {
    const none = await runCli([...off, await deadUrl()], { env: { AUTO_EXTEND_API_KEY: " " } });
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain("Set AUTO_EXTEND_API_KEY");
    const file = await fileWith(`\n${canary}\n`, "key");
    const empty = await runCli([...off, await deadUrl(), "--api-key-file", file]);
    expect(empty.exitCode).toBe(2);
    expect(empty.stderr).toContain(`The first line of ${file} is empty.`);
    for (const line of ["Customer;Order ID", '"some-key"', "API_KEY=some-key"]) {
      const other = await runCli(["balance", "--api-key-file", await fileWith(`${line}\n`)]);
      expect(other.stderr).toContain(
        "has a blank, a comma, a semicolon or a quote in it, or begins with NAME=.",
      );
    }
    const missing = await runCli([...off, await deadUrl(), "--api-key-file", `${file}-missing`]);
    expect(missing.stderr).toContain("there is no such file");
  });
});

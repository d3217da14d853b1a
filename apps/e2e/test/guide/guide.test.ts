import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWith } from "../debian-package.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const cli = `"${process.execPath}" "${root}packages/cli/bin/auto-extend.js"`;
const program = `"${process.execPath}" "${root}apps/mock-server/bin/auto-extend-mock.js"`;
const guide = readFileSync(`${root}docs/guide.md`, "utf8");
/** The lines of every block of the guide, but for the two that start the mock and say where it is. */
const blocks = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, block = ""]) => block.trim()).slice(2);

let mock: MockServer;
let folder: string;

beforeAll(async () => {
  mock = await startMockServer();
  folder = await mkdtemp(join(tmpdir(), "auto-extend-guide-"));
});

afterAll(async () => {
  await mock.close();
  await rm(folder, { recursive: true });
});

/** Runs a block as a reader would paste it; the mock alone is at another place. */
async function paste(block: string) {
  const command = block
    .replaceAll("npx @auto-extend/cli", cli)
    .replaceAll("npx @auto-extend/mock-server", program)
    .replaceAll("http://127.0.0.1:4010", mock.url);
  const env = {
    AUTO_EXTEND_API_KEY: "any-key",
    AUTO_EXTEND_BASE_URL: mock.url,
    AUTO_EXTEND_MOCK_URL: mock.url,
  };
  const { exitCode, stdout, stderr } = await execa("sh", ["-ec", command], {
    cwd: folder,
    env,
    reject: false,
    stripFinalNewline: false,
  });
  return { code: exitCode, stdout, stderr };
}

// The lines are for a POSIX shell.
describe.skipIf(process.platform === "win32")("the guide", () => {
  describeWith("curl", "pasted into a shell", () => {
    it("gets from the orders to a verified switch, to a forecast, and off again in five commands", async () => {
      const [orders, price, on, forecast, off] = blocks.slice(0, 5) as [
        string,
        string,
        string,
        string,
        string,
      ];
      const listed = await paste(orders);
      expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^11111 +IPv4 .* off /m) });
      expect(listed.stderr).toBe(`Host: ${new URL(mock.url).host}\n`);
      expect(await paste(price)).toMatchObject({ code: 0, stdout: expect.stringContaining("2.40 USD") });
      const switched = await paste(on);
      expect(switched).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("Read back: 3 IP addresses are as requested."),
      });
      expect(switched.stderr).toContain("Balance: 5.00 USD, 2.60 USD after one renewal of all.");
      expect(await paste(forecast)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("Balance at end"),
      });
      expect(await paste(off)).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("Auto-extend is off"),
      });
    });

    it("forecasts what the mock's clock then comes to", async () => {
      const checking = blocks[5] as string;
      const { code, stdout } = await paste(checking);
      expect(code).toBe(0);
      const [, foretold] = /^Balance at end +(\S+) USD/m.exec(stdout) ?? [];
      // The balance is the last thing that is printed.
      const [, left] = /^(\S+) USD$/m.exec(stdout.slice(stdout.lastIndexOf("Times are in UTC"))) ?? [];
      expect([foretold, left]).toEqual(["1.00", "1.00"]);
      expect(await readFile(join(folder, "forecast.html"), "utf8")).toContain("<svg");
    });

    it("switches many orders from a file, with a ledger and the failures", async () => {
      const { code, stderr } = await paste(blocks[6] as string);
      expect({ code, stderr }).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("6 order IDs: 6 changed."),
      });
      expect(await readFile(join(folder, "failed.csv"), "utf8")).toBe(
        "type,orderId,days,outcome,code,message\n",
      );
      expect(await readFile(join(folder, "run.jsonl"), "utf8")).not.toContain("any-key");
    });

    it("ends with two commands that only look", async () => {
      const { code, stdout } = await paste(blocks[7] as string);
      expect(code).toBe(0);
      expect(stdout).toContain("The API key is accepted.");
      expect(blocks).toHaveLength(8);
    });
  });
});

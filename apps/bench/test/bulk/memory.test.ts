import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCli } from "../../src/bulk/cli.mjs";
import { temporaryFolder } from "../../src/harness/programs.mjs";

const million = 1_000_000;
/** What a program needs at rest is measured with so many. */
const few = 10;
const mostMegabytes = 150;

// Only Linux says what the peak of a process was.
describe.skipIf(!existsSync("/proc/self/status"))("a million order IDs", () => {
  it("take the CLI less than 150 MB, with a ledger, and so does a resume of it", async () => {
    const url = await startWillingServer();
    const folder = temporaryFolder();

    async function switchMany(count: number) {
      const file = join(folder, `${count}.txt`);
      const ids = Array.from({ length: count }, (_, index) => 10_000_000 + index);
      await writeFile(file, `${ids.join("\n")}\n`);
      const common = ["off", "--type", "IPv4", "--days", "30", "--file", file, "--chunk-size", "1000"];
      const ledger = join(folder, `${count}.jsonl`);
      const runs = [
        await runCli([...common, "--ledger", ledger], { url }),
        await runCli([...common, "--resume", ledger], { url }),
      ];
      for (const { code, document } of runs) {
        expect(code).toBe(0);
        expect(document.result.account).toMatchObject({ given: count, changed: count });
      }
      return runs.map(({ peak }) => peak);
    }

    const [atRest = 0] = await switchMany(few);
    for (const peak of await switchMany(million)) {
      expect(peak).toBeGreaterThan(0);
      expect(peak - atRest).toBeLessThan(mostMegabytes);
    }
  }, 240_000);

  it("take the client less than 150 MB", async () => {
    const url = await startWillingServer();
    const program = fileURLToPath(new URL("./switch-many.mjs", import.meta.url));
    async function switchMany(count: number): Promise<number> {
      const { stdout } = await execa(process.execPath, [program, url, String(count)]);
      const { reported, account, megabytes } = JSON.parse(stdout);
      expect(reported).toBe(count);
      expect(account).toMatchObject({ given: count, changed: count, exhausted: true });
      return megabytes;
    }
    const atRest = await switchMany(few);
    expect((await switchMany(million)) - atRest).toBeLessThan(mostMegabytes);
  }, 240_000);
});

/** Starts a server that carries out every request, with one IP address per order. */
async function startWillingServer(): Promise<string> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { proxyType, rentPeriodDays, orderIds } = JSON.parse(Buffer.concat(pieces).toString());
      response.writeHead(200, { "content-type": "application/json" }).end(
        JSON.stringify({
          ...{ success: true, proxyType, rentPeriodDays, quantity: orderIds.length },
          ipAddressIds: orderIds.map((orderId: string) => `1000${orderId}`),
          ...{ balance: 5, currency: "USD", error: null },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

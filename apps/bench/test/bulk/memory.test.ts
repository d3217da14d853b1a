import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCli } from "../../src/bulk/cli.mjs";

const million = 1_000_000;
/** At rest, a program switches so many. */
const few = 10;
/** In megabytes. */
const most = 150;

// The peak of a process stands nowhere else.
describe.skipIf(!existsSync("/proc/self/status"))("a million order ids", () => {
  it("take the CLI less than 150 MB, with a ledger, and so does a resume of it", async () => {
    const url = await willingServer();
    const folder = await mkdtemp(join(tmpdir(), "auto-extend-memory-"));
    onTestFinished(() => rm(folder, { recursive: true }));

    async function switching(count: number) {
      const file = join(folder, `${count}.txt`);
      await writeFile(
        file,
        `${Array.from({ length: count }, (_, index) => 10_000_000 + index).join("\n")}\n`,
      );
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

    const [atRest = 0] = await switching(few);
    for (const peak of await switching(million)) {
      expect(peak).toBeGreaterThan(0);
      expect(peak - atRest).toBeLessThan(most);
    }
  }, 120_000);

  it("take the client less than 150 MB", async () => {
    const url = await willingServer();
    const program = fileURLToPath(new URL("../../src/bulk/client.mjs", import.meta.url));
    async function switching(count: number): Promise<number> {
      const { stdout } = await promisify(execFile)(process.execPath, [program, url, String(count)]);
      const { told, account, megabytes } = JSON.parse(stdout);
      expect(told).toBe(count);
      expect(account).toMatchObject({ given: count, changed: count, exhausted: true });
      return megabytes;
    }
    const atRest = await switching(few);
    expect((await switching(million)) - atRest).toBeLessThan(most);
  }, 120_000);
});

/** Starts a server that carries out whatever it is asked for, one IP address an order. */
async function willingServer(): Promise<string> {
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

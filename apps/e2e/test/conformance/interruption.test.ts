import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Running, start } from "../execute.js";
import { statesIn, twoPeriods } from "./world.js";

const manifest = createRequire(import.meta.url).resolve("@auto-extend/cli/package.json");
const program = join(dirname(manifest), "bin", "auto-extend.js");
const apiKey = "any-key";

let mock: MockServer;
let verify: Running;

beforeEach(async () => {
  mock = await startMockServer({ world: twoPeriods });
  // Some orders are on before the run, for another period than the one that the run sets.
  await switchOn("IPv4", "11111");
  await switchOn("ISP", "55555");
  const argv = [program, "verify", "--base-url", mock.url, "--only", "setAutoExtend"];
  verify = start(process.execPath, argv, { cwd: dirname(manifest), env: { AUTO_EXTEND_API_KEY: apiKey } });
});

afterEach(async () => {
  verify.kill("SIGKILL");
  await mock.close();
});

// Which signals interrupt a command, the tests of the program as a process show.
it("verify restores auto-extend when its program is stopped", async () => {
  const before = statesIn(mock, apiKey);
  await vi.waitFor(() => expect(statesIn(mock, apiKey)).not.toEqual(before), {
    timeout: 30_000,
    interval: 1,
  });
  verify.kill("SIGTERM");
  const { exitCode, stderr } = await verify;
  expect(exitCode).toBe(130);
  expect(statesIn(mock, apiKey)).toEqual(before);
  expect(stderr).toContain("Stopping: auto-extend is restored first.");
  expect(stderr).toContain("Interrupted. Auto-extend is as it was before the run.");
});

async function switchOn(proxyType: string, orderId: string): Promise<void> {
  const answer = await fetch(`${mock.url}/client/api/v1/${apiKey}/extend/order/auto`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ proxyType, orderIds: [orderId], rentPeriodDays: 60, autoExtend: true }),
  });
  expect(await answer.json()).toMatchObject({ success: true });
}

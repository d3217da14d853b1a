import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { printed, start } from "../execute.ts";
import { freePort } from "../ports.ts";
import { copyOfWorkspace, turboCache } from "../workspace-copy.ts";

it("`npm run dev` shows what the sources of the mock, the contract and the page say, soon after they are changed", async () => {
  const copy = copyOfWorkspace();
  const port = await freePort();
  const startDev = (...options: string[]) =>
    start(process.execPath, ["scripts/workspace.mjs", "dev", "--port", `${port}`, ...options], {
      cwd: copy,
      env: { ...turboCache, NO_COLOR: "1" },
    });
  // With a wrong option there is nothing to wait for.
  const { exitCode, stdout, stderr } = await startDev("--nonsense");
  expect(exitCode).toBe(2);
  expect(stderr).toContain("Unknown option --nonsense.");
  expect(stdout).not.toContain("Local:");

  const dev = startDev();
  onTestFinished(async () => {
    dev.kill();
    await dev;
  });
  // The page is there, and changes are seen from now on.
  const [, page = ""] = await printed(dev, /Local: *(http\S+)/);
  const reason = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/client/api/v1/any-key/extend/order/auto`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        proxyType: "MOBILE",
        orderIds: ["11111"],
        rentPeriodDays: 30,
        autoExtend: true,
      }),
    });
    return { explanation: answer.headers.get("mock-explanation"), body: await answer.text() };
  };
  const shows = (text: string) =>
    vi.waitFor(async () => expect(JSON.stringify(await reason())).toContain(text), {
      timeout: 40_000,
      interval: 100,
    });
  await shows("has type IPv4");

  change(join(copy, "apps/mock-server/src/engine/operations/rules.ts"), "has type", "is surely of type");
  await shows("is surely of type IPv4");
  change(join(copy, "packages/core/src/contract/errors.ts"), "Incorrect orderIds", "Wrong orderIds");
  await shows("Wrong orderIds");

  const view = async () => (await fetch(`${page}src/app.tsx`)).text();
  expect(await view()).toContain("Disconnected");
  change(join(copy, "apps/dashboard/src/app.tsx"), "Disconnected", "Not connected");
  await vi.waitFor(async () => expect(await view()).toContain("Not connected"), {
    timeout: 40_000,
    interval: 100,
  });
});

function change(file: string, from: string, to: string): void {
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replaceAll(from, to));
}

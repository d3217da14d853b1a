import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { killPrograms, startProgram } from "./program.js";

const manifest = createRequire(import.meta.url).resolve("@auto-extend/mock-server/package.json");
const library = pathToFileURL(join(dirname(manifest), "dist", "index.js")).href;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "auto-extend-ends-"));
  file = join(folder, "state.json");
});
afterEach(async () => {
  killPrograms();
  await rm(folder, { recursive: true });
});

async function startMock(...argv: readonly string[]) {
  const { url, process: child } = await startProgram(["--state", file, ...argv]);
  // Not "close", which waits for the streams, too.
  return { url, child, ended: once(child, "exit") };
}

async function switchOn(url: string): Promise<void> {
  const path = setAutoExtend.path.replace("{apiKey}", "my-key");
  const body = JSON.stringify(specOf(setAutoExtend).examples.requests.IPv4.request);
  const headers = { "content-type": "application/json" };
  const response = await fetch(url + path, { method: "POST", headers, body });
  expect(await response.json()).toMatchObject({ success: true });
}

async function isSaved(): Promise<boolean> {
  const { accounts } = JSON.parse(await readFile(file, "utf8"));
  return accounts.length === 2 && accounts[1].orders[0]?.ipAddresses[0].autoExtend === true;
}

describe("a change just before the end of the mock is in its state file", () => {
  it.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGALRM"] as const)(
    "by %s",
    async (signal) => {
      const { child, url, ended } = await startMock();
      await switchOn(url);
      child.kill(signal);
      expect(await ended).toEqual([0, null]);
      expect(await isSaved()).toBe(true);
    },
  );

  it("by a second signal, which does not wait for requests under way", async () => {
    const { child, url, ended } = await startMock();
    const { port } = new URL(url);
    // The beginning of a request: the mock waits five seconds for the rest.
    const script = `require("node:net").connect(${port}).write("POST /client/api/v1/x/extend/order/auto HTTP/1.1\\r\\nhost: x\\r\\ncontent-length: 9\\r\\n\\r\\n{", () => console.log("sent"))`;
    const other = execa(process.execPath, ["-e", script], { stderr: "inherit", reject: false });
    onTestFinished(() => void other.kill());
    await once(other.stdout, "data");
    await switchOn(url);
    child.kill("SIGHUP");
    const again = setInterval(() => child.kill("SIGTERM"), 100);
    expect(await ended).toEqual([130, null]);
    clearInterval(again);
    expect(await isSaved()).toBe(true);
  });

  it.each([0, 5])("by two signals %i ms apart, as npm and terminals send them", async (apart) => {
    const { child, url, ended } = await startMock();
    await switchOn(url);
    child.kill("SIGINT");
    await sleep(apart);
    child.kill("SIGINT");
    // It is `null` if the second comes when Node has taken the handlers away already.
    expect([0, 130, null]).toContain((await ended)[0]);
    expect(await isSaved()).toBe(true);
    expect((await readdir(dirname(file))).filter((name) => name.endsWith(".unfinished"))).toEqual([]);
  });

  it("with an output that nobody reads any more", async () => {
    const { child, url, ended } = await startMock("--log", "json");
    child.stdout?.destroy();
    child.stderr?.destroy();
    for (let times = 0; times < 3; times += 1) await switchOn(url);
    child.kill("SIGHUP");
    expect(await ended).toEqual([0, null]);
    expect(await isSaved()).toBe(true);
  });

  it.each([
    ["process.exit", "process.exit(7)", 7],
    ["an error that nobody catches", 'setImmediate(() => { throw new Error("on purpose"); })', 1],
    ["a rejection that nobody handles", 'Promise.reject(new Error("on purpose"))', 1],
  ])("by %s, in a program that uses the library", async (_, end, code) => {
    const path = setAutoExtend.path.replace("{apiKey}", "my-key");
    const body = JSON.stringify(specOf(setAutoExtend).examples.requests.IPv4.request);
    const script = `
      import { startMockServer } from ${JSON.stringify(library)};
      const { url } = await startMockServer({ stateFile: ${JSON.stringify(file)} });
      const headers = { "content-type": "application/json" };
      await fetch(url + ${JSON.stringify(path)}, { method: "POST", headers, body: ${JSON.stringify(body)} });
      ${end};`;
    const { exitCode } = await execa(process.execPath, ["--input-type=module", "-e", script], {
      reject: false,
    });
    expect(exitCode).toBe(code);
    expect(await isSaved()).toBe(true);
  });
});

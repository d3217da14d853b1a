import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closePages, describeInChromium, launchChromium } from "../chromium.js";

const globalName = "program";
type Program = Record<typeof globalName, typeof import("./page.js")>;

const workerPath = createRequire(import.meta.url).resolve("msw/mockServiceWorker.js");

function bundled(options: Pick<BuildOptions, "external" | "format"> = {}) {
  return build({
    entryPoints: [fileURLToPath(new URL("page.ts", import.meta.url))],
    bundle: true,
    platform: "browser",
    conditions: ["@auto-extend/source"],
    format: "iife",
    globalName,
    metafile: true,
    write: false,
    logLevel: "silent",
    ...options,
  });
}

describe("the mock within a page", () => {
  it("takes nothing of Node along, with MSW's part for browsers", async () => {
    const { metafile, outputFiles, warnings } = await bundled();
    expect(Object.keys(metafile.inputs)).toContainEqual(
      expect.stringMatching(/mock-server\/src\/engine\/engine\.ts$/),
    );
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
    expect(outputFiles[0]?.text).not.toMatch(/["']node:/);
    expect(warnings).toEqual([]);
  });

  it("uses nothing that only Node has", async () => {
    // MSW itself looks whether there is a `process`.
    const { outputFiles } = await bundled({ external: ["msw", "msw/*"], format: "esm" });
    expect(outputFiles[0]?.text).toMatch(/function createMockHandlers\(/);
    expect(outputFiles[0]?.text).not.toMatch(/["']node:|\bprocess\.|\bBuffer\b|\brequire\(/);
  });
});

describeInChromium("the mock within a page, in Chromium", () => {
  let pages: Server;
  let browser: Browser;
  let page: Page;
  const asked: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    const [{ outputFiles }, worker] = await Promise.all([bundled(), readFile(workerPath)]);
    const files: Record<string, [type: string, content: string | Uint8Array]> = {
      "/": ["text/html", '<!doctype html><link rel="icon" href="data:,"><script src="/page.js"></script>'],
      "/page.js": ["text/javascript", outputFiles[0]?.text ?? ""],
      "/mockServiceWorker.js": ["text/javascript", worker],
    };
    pages = createServer(({ url = "" }, response) => {
      asked.push(url);
      const [type, content] = files[url] ?? ["text/plain", "There is no such page."];
      response.writeHead(files[url] ? 200 : 404, { "content-type": type }).end(content);
    });
    await new Promise<void>((ready) => pages.listen(0, "127.0.0.1", ready));
    browser = await launchChromium();
    page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`);
    await inPage(({ program }) => program.start());
  });

  afterAll(async () => {
    await closePages(browser);
    pages?.closeAllConnections();
    pages?.close();
  });

  function inPage<Result>(call: (window: Program) => Promise<Result>): Promise<Result> {
    return page.evaluate(`(${call})(globalThis)`);
  }

  it("answers what the page asks of the provider, by way of the service worker", async () => {
    const answer = await inPage(({ program }) => program.ask());
    expect(answer).toMatchObject({ status: 200, type: "application/json", requests: 1, isOn: true });
    expect(answer).toHaveProperty("text", expect.stringMatching(/^\{"success":true/));
  });

  it("switches an order for the client", async () => {
    expect(await inPage(({ program }) => program.switchOrder())).toEqual({
      quantity: 1,
      requests: 1,
      isOn: true,
    });
  });

  it("answers with a problem where the provider has nothing", async () => {
    expect(await inPage(({ program }) => program.ask("none", { method: "PUT" }))).toMatchObject({
      status: 405,
      type: "application/problem+json",
    });
  });

  it("loses answers and requests, and the client does not know which", async () => {
    expect(await inPage(({ program }) => program.switchOrder("lost-answer"))).toEqual({
      error: "NetworkError",
      effect: "unknown",
      requests: 1,
      isOn: true,
    });
    expect(await inPage(({ program }) => program.switchOrder("lost-request"))).toEqual({
      error: "NetworkError",
      effect: "unknown",
      requests: 1,
      isOn: false,
    });
  });

  it("lets an answer drip, and breaks off in the middle of one", async () => {
    expect(await inPage(({ program }) => program.ask("drip; bytes=50; ms=2"))).toHaveProperty(
      "text",
      expect.stringMatching(/^\{"success":true.*\}$/),
    );
    expect(await inPage(({ program }) => program.ask("closed; at=middle"))).toMatchObject({
      status: 200,
      text: expect.stringMatching(/^TypeError/),
    });
  });

  it("gives no answer until the page gives up", async () => {
    expect(await inPage(({ program }) => program.giveUp("hang"))).toMatchObject({
      error: expect.stringMatching(/^TimeoutError/),
      requests: 1,
      isOn: true,
    });
    expect(await inPage(({ program }) => program.giveUp("hang; at=middle"))).toMatchObject({
      status: 200,
      // Chromium names the reason of the signal, or says that it was aborted.
      text: expect.stringMatching(/^(Timeout|Abort)Error/),
    });
  });

  it("says what it can't do within a page", async () => {
    expect(await inPage(({ program }) => program.ask("reset"))).toMatchObject({
      status: 501,
      text: expect.stringContaining("needs a socket"),
      isOn: false,
    });
  });

  it("answers as a fetch, without the service worker", async () => {
    expect(await inPage(({ program }) => program.askMockFetch())).toEqual({ quantity: 1, requests: 1 });
  });

  it("asks its server for nothing but its own files, and complains about nothing", () => {
    expect([...new Set(asked)].sort()).toEqual(["/", "/mockServiceWorker.js", "/page.js"]);
    expect(complaints).toEqual([]);
  });
});

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { type BuildResult, build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { closePages, describeInChromium, launchChromium } from "../chromium.ts";

const { projects } = inject("packed");
const folder = projects.find(({ name }) => name === "zod-4")?.folder ?? "";
let script: string;
let bundle: BuildResult<{ metafile: true; write: false }>;

beforeAll(async () => {
  bundle = await build({
    absWorkingDir: folder,
    entryPoints: [join(folder, "page.ts")],
    bundle: true,
    platform: "browser",
    format: "esm",
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  script = bundle.outputFiles[0]?.text ?? "";
});

it("bundles client and core for a browser with nothing of Node in it", () => {
  const { inputs, outputs } = bundle.metafile;
  expect(Object.keys(inputs).some((file) => file.includes("@auto-extend/client/dist"))).toBe(true);
  expect(Object.values(outputs).flatMap(({ imports }) => imports)).toEqual([]);
  expect(script).not.toMatch(/["']node:|\bprocess\.(env|version)|\bBuffer\b/);
  expect(bundle.warnings).toEqual([]);
});

/** The most that a page may load for the whole client, in bytes: 34 KiB. */
const sizeLimit = 34 * 1024;

it.each(projects.map(({ name, folder }) => [name, folder]))(
  "makes a bundle of all exports that is small enough for a page (%s)",
  async (_, resolveDir) => {
    const { outputFiles } = await build({
      stdin: { contents: 'export * from "@auto-extend/client";', resolveDir },
      bundle: true,
      minify: true,
      platform: "browser",
      format: "esm",
      write: false,
      logLevel: "silent",
    });
    const [{ contents, text } = expect.fail()] = outputFiles;
    expect(text).toContain("setAutoExtendMany");
    expect(gzipSync(contents, { level: 9 }).byteLength).toBeLessThanOrEqual(sizeLimit);
  },
);

describeInChromium("in Chromium", () => {
  let pages: Server;
  let browser: Browser;
  let mock: MockServer;
  let origin: string;

  beforeAll(async () => {
    pages = createServer((request, response) => {
      const isScript = request.url === "/page.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>');
    });
    await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    mock = await startMockServer({ cors: [origin] });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await closePages(browser);
    await mock?.close();
    pages?.close();
  });

  it("switches an order from a page of another origin", async () => {
    const page = await browser.newPage();
    await page.goto(`${origin}/?mock=${mock.url}`);
    expect(await page.locator("output").textContent()).toBe('{"quantity":1,"known":true}');
    expect(mock.requests()).toHaveLength(2);
  });
});

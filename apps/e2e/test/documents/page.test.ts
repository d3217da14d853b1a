import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath, pathToFileURL } from "node:url";
import { operations, servers, setAutoExtend, specOf } from "@auto-extend/core";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../chromium.js";
import { builtPage } from "./document.js";

const pagePath = builtPage;
const screenshot = fileURLToPath(new URL("../../reports/api.png", import.meta.url));

describeInChromium("the API page in Chromium", () => {
  let browser: Browser;
  let server: Server;
  let origin: string;
  /** What the loopback server was asked for, but for the page itself. */
  let asked: { method: string; url: string; body: string }[];
  let page: Page;
  /** Requests that leave the page's own server; all of them are blocked. */
  let foreign: string[];
  let complaints: string[];

  beforeAll(async () => {
    const html = await readFile(pagePath);
    server = createServer(async (request, response) => {
      if (request.url === "/docs") return void response.setHeader("content-type", "text/html").end(html);
      let body = "";
      for await (const chunk of request.setEncoding("utf8")) body += chunk;
      asked.push({ method: request.method ?? "", url: request.url ?? "", body });
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(specOf(setAutoExtend).examples.requests.IPv4.success));
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  beforeEach(async () => {
    asked = [];
    foreign = [];
    complaints = [];
    page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.route(
      (url) => url.origin !== origin && url.protocol !== "file:",
      (route) => {
        foreign.push(route.request().url());
        return route.abort();
      },
    );
  });

  afterEach(() => page.close());

  /** The part of the page that is about the switch by order ids, opened. */
  async function operation() {
    const block = page.locator(`[id$="-${setAutoExtend.id}"]`);
    await block.locator(".opblock-summary-control").click();
    await block.locator(".opblock-body").waitFor();
    return block;
  }

  it.each([
    ["from a file", () => pathToFileURL(pagePath).href],
    ["from a server", () => `${origin}/docs`],
  ])("opens %s, and asks nobody for anything", async (_, address) => {
    await page.goto(address());
    await page.getByText(specOf(setAutoExtend).summary, { exact: true }).last().waitFor();
    await page.waitForLoadState("networkidle");
    expect(foreign).toEqual([]);
    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("shows the operation, its examples and the error envelope", async () => {
    await page.goto(pathToFileURL(pagePath).href);
    const block = await operation();
    await block.getByText(specOf(setAutoExtend).summary, { exact: true }).waitFor();

    const body = block.locator("textarea.body-param__text");
    expect(JSON.parse(await body.inputValue())).toEqual(specOf(setAutoExtend).examples.requests.IPv4.request);

    const answer = block.locator(".responses-table .response").first();
    await answer.getByText('"1111111111111111111"').waitFor();
    await answer.locator(".examples-select-element").selectOption({ label: "Error 29: Incorrect orderIds" });
    await answer.getByText('"Incorrect orderIds"').waitFor();
    // No request within its schema gets error 4, so its answer stands in the text.
    const { failure } = specOf(setAutoExtend).examples;
    await page.getByText(JSON.stringify(failure)).first().waitFor();
    await page.setViewportSize({ width: 1440, height: 3500 });
    await page.screenshot({ path: screenshot });
    expect(complaints).toEqual([]);
  });

  it("fills in the API key of the examples, which is nobody's", async () => {
    await page.goto(pathToFileURL(pagePath).href);
    await page.locator(".opblock").first().waitFor();
    for (const block of await page.locator(".opblock-summary-control").all()) await block.click();
    const fields = page.locator("tr[data-param-name=apiKey] input");
    await expect.poll(() => fields.count()).toBe(operations.length);
    const keys = await Promise.all((await fields.all()).map((field) => field.inputValue()));
    expect(new Set(keys)).toEqual(new Set(["example-switching-key", "example-api-key"]));
  });

  it("sends a request when asked to, once, to the server that it comes from", async () => {
    await page.goto(`${origin}/docs`);
    const block = await operation();
    await block.locator("tr[data-param-name=apiKey] input").fill("a-key");
    await block.getByRole("button", { name: "Execute" }).click();
    await block.locator(".live-responses-table .response-col_status").getByText("200").waitFor();
    expect(asked).toMatchObject([{ method: "POST", url: "/client/api/v1/a-key/extend/order/auto" }]);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual(specOf(setAutoExtend).examples.requests.IPv4.request);
    expect(foreign).toEqual([]);
  });

  it("finds operations by whatever is in their description, from the keyboard", async () => {
    await page.goto(pathToFileURL(pagePath).href);
    const blocks = page.locator(".opblock");
    await expect.poll(() => blocks.count()).toBe(operations.length);
    await page.keyboard.press("/");
    await page.keyboard.type("getbalance");
    await expect.poll(() => blocks.count()).toBe(1);
    expect(await blocks.textContent()).toContain("/balance");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await blocks.locator(".opblock-body").waitFor();
  });

  it.each(["light", "dark"] as const)("fits into 360 pixels, %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(pathToFileURL(pagePath).href);
    await operation();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    const colour = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    const [red = 0] = (colour.match(/\d+/g) ?? []).map(Number);
    expect(red < 64).toBe(colorScheme === "dark");
  });

  it("is held to the documented servers by its own policy", async () => {
    await page.goto(pathToFileURL(pagePath).href);
    const refused = (url: string) => page.evaluate((url) => fetch(url).then(() => "", String), url);
    await refused(`${servers.live.url}/`);
    await refused("https://example.org/");
    expect(foreign).toEqual([`${servers.live.url}/`]);
    expect(complaints.join("\n")).toMatch(/https:\/\/example\.org\/.*Content Security Policy/);
  });
});

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { operations, servers, setAutoExtend, specOf } from "@auto-extend/core";
import { generateWorld, startMockServer } from "@auto-extend/mock-server";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { closePages, describeInChromium, launchChromium } from "../chromium.js";
import { axeProblems } from "../dashboard/page.js";
import { builtPage } from "./document.js";

const pagePath = builtPage;

describeInChromium("the API page in Chromium", () => {
  let browser: Browser;
  let server: Server;
  let origin: string;
  /** The requests that the loopback server got, except for the page itself. */
  let asked: { method: string; url: string; body: string }[];
  /** Requests that leave the page's own server; all of them are blocked. */
  let foreign: string[];
  let complaints: string[];

  beforeAll(async () => {
    const html = await readFile(pagePath);
    server = createServer(async (request, response) => {
      if (request.url === "/docs") return void response.setHeader("content-type", "text/html").end(html);
      // What the examples of this page are fitted to.
      if (request.url === "/__mock/accounts?") return void response.end("{}");
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
    await closePages(browser);
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  beforeEach(() => {
    asked = [];
    foreign = [];
    complaints = [];
  });

  async function open(address: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
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
    await page.goto(address);
    return page;
  }

  async function expectQuiet(page: Page): Promise<void> {
    await page.getByText(specOf(setAutoExtend).summary, { exact: true }).last().waitFor();
    await page.waitForLoadState("networkidle");
    expect(foreign).toEqual([]);
    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
  }

  let shown: Page | undefined;

  /** A page that one test after the other loads: a new one compiles the viewer again, which takes twice the time. */
  async function sharedPage(): Promise<Page> {
    shown ??= await browser.newPage();
    await shown.goto("about:blank");
    await shown.setViewportSize({ width: 1_280, height: 800 });
    await shown.emulateMedia({ colorScheme: "light" });
    return shown;
  }

  /** The part of the page that is about the switch by order IDs, opened. */
  async function operation(page: Page) {
    const block = page.locator(`[id$="-${setAutoExtend.id}"]`);
    if ((await block.locator(".opblock-body").count()) === 0) {
      await block.locator(".opblock-summary-control").click();
    }
    await block.locator(".opblock-body").waitFor();
    return block;
  }

  describe("from a file", () => {
    // One page for all: loading it takes longer than looking at it.
    let page: Page;
    let isOpen = false;
    beforeEach(async () => {
      if (!isOpen) page = await open(pathToFileURL(pagePath).href);
      isOpen = true;
    });
    afterAll(() => page?.close());

    it("opens, and asks nobody for anything", () => expectQuiet(page));

    it("shows the operation, its examples and the error envelope", async () => {
      const block = await operation(page);
      await block.getByText(specOf(setAutoExtend).summary, { exact: true }).waitFor();

      const body = block.locator("textarea.body-param__text");
      expect(JSON.parse(await body.inputValue())).toEqual(
        specOf(setAutoExtend).examples.requests.IPv4.request,
      );

      const answer = block.locator(".responses-table .response").first();
      await answer.getByText('"1111111111111111111"').waitFor();
      await answer
        .locator(".examples-select-element")
        .selectOption({ label: "Error 29: Incorrect orderIds" });
      await answer.getByText('"Incorrect orderIds"').waitFor();
      // No request within its schema gets error 4, so its answer stands in the text.
      const { failure } = specOf(setAutoExtend).examples;
      await page.getByText(JSON.stringify(failure)).first().waitFor();
      expect(complaints).toEqual([]);
    });

    it("finds operations by whatever is in their description, from the keyboard", async () => {
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
      await page.keyboard.press("/");
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type("zzzz");
      await page.getByText("No operation matches the search.").waitFor();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.press("Backspace");
      await expect.poll(() => blocks.count()).toBe(operations.length);
    });

    it("fills in the API key of the examples, which is nobody's", async () => {
      await page.locator(".opblock").first().waitFor();
      const closed = page.locator(".opblock:not(.is-open) .opblock-summary-control");
      while ((await closed.count()) > 0) await closed.first().click();
      const fields = page.locator("tr[data-param-name=apiKey] input");
      await expect.poll(() => fields.count()).toBe(operations.length);
      const keys = await Promise.all((await fields.all()).map((field) => field.inputValue()));
      expect(new Set(keys)).toEqual(new Set(["example-switching-key", "example-api-key"]));
    });

    it("is held to the documented servers by its own policy", async () => {
      const refused = (url: string) => page.evaluate((url) => fetch(url).then(() => "", String), url);
      await refused(`${servers.live.url}/`);
      await refused("https://example.org/");
      expect(foreign).toEqual([`${servers.live.url}/`]);
      expect(complaints.join("\n")).toMatch(/https:\/\/example\.org\/.*Content Security Policy/);
    });

    it.each(["light", "dark"] as const)("fits into 360 pixels, %s", async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 360, height: 800 });
      await operation(page);
      await expect.poll(() => page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      const colour = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
      const [red = 0] = (colour.match(/\d+/g) ?? []).map(Number);
      expect(red < 64).toBe(colorScheme === "dark");
    });
  });

  it("suits assistive technology, in light and in dark, wide and narrow, as the other reference does", async () => {
    const mock = await startMockServer();
    try {
      for (const reference of ["docs", "docs-control"]) {
        const page = await sharedPage();
        await page.goto(`${mock.url}/${reference}`);
        await page.locator(".opblock .opblock-summary-control").first().click();
        await page.locator(".opblock-body").waitFor();
        for (const width of [1_280, 360]) {
          await page.setViewportSize({ width, height: 800 });
          // What can be tried is in sight at once.
          expect((await page.locator(".opblock").first().boundingBox())?.y).toBeLessThan(800);
          expect(await axeProblems(page), `${reference}, ${width}`).toEqual([]);
          // In the dark, nothing but colours is another.
          await page.emulateMedia({ colorScheme: "dark" });
          expect(await axeProblems(page, ["color-contrast"]), `${reference}, ${width}, dark`).toEqual([]);
          await page.emulateMedia({ colorScheme: "light" });
        }
      }
    } finally {
      await mock.close();
    }
  });

  it.each([
    ["docs", setAutoExtend.id, "200"],
    ["docs-control", "addFault", "201"],
  ])(
    "sends an example to the mock that serves it, and has a link to it: %s",
    async (reference, id, status) => {
      const mock = await startMockServer();
      const page = await sharedPage();
      try {
        await page.goto(`${mock.url}/${reference}`);
        await page.locator(`[id$="-${id}"] .opblock-summary-control`).click();
        await expect.poll(() => page.url()).toMatch(new RegExp(`#operations-.*-${id}$`));
        await page.reload();
        const block = page.locator(`[id$="-${id}"]`);
        await block.getByRole("button", { name: "Execute" }).click();
        await block.locator(".live-responses-table .response-col_status").getByText(status).waitFor();
        expect(mock.requests().map(({ decided }) => decided.outcome)).toEqual(
          reference === "docs" ? ["done"] : [],
        );
        expect(mock.faults.list()).toHaveLength(reference === "docs" ? 0 : 1);
      } finally {
        await mock.close();
      }
    },
  );

  it("fills in a key and orders that the mock has, whatever world was loaded", async () => {
    const mock = await startMockServer({ world: generateWorld({ orders: 20, seed: 7, balance: 0 }) });
    const page = await sharedPage();
    try {
      await page.goto(`${mock.url}/docs`);
      for (const [id, type] of [
        [setAutoExtend.id, "IPv4"],
        ["setAutoExtendByIpAddress", "IPv6"],
      ] as const) {
        const block = page.locator(`[id$="-${id}"]`);
        await block.locator(".opblock-summary-control").click();
        await block.locator(".opblock-section-request-body .examples-select-element").selectOption(type);
        await block.getByRole("button", { name: "Execute" }).click();
        await expect.poll(() => mock.requests().at(-1)?.operation).toBe(id);
        expect(mock.requests().at(-1)).toMatchObject({
          sent: { proxyType: type },
          decided: { outcome: "done" },
        });
      }
      mock.clock.advance({ days: 400 });
      await page.reload();
      await page.getByText("No order is running any more").waitFor();
    } finally {
      await mock.close();
    }
  });

  it("takes a key that the mock was started with once, for all operations", async () => {
    const mock = await startMockServer({ apiKeys: ["own-key-1"] });
    const page = await sharedPage();
    try {
      await page.goto(`${mock.url}/docs`);
      await page.getByText("Type an API key into any of the fields.").waitFor();
      const block = (id: string) => page.locator(`[id$="-${id}"]`);
      const key = (id: string) => block(id).locator("tr[data-param-name=apiKey] input");
      for (const id of ["getBalance", setAutoExtend.id])
        await block(id).locator(".opblock-summary-control").click();
      expect(await key("getBalance").inputValue()).toBe("");
      await key("getBalance").fill("own-key-1");
      await expect.poll(() => key(setAutoExtend.id).inputValue()).toBe("own-key-1");
      await block("getRentPeriods").locator(".opblock-summary-control").click();
      await expect.poll(() => key("getRentPeriods").inputValue()).toBe("own-key-1");
      await block(setAutoExtend.id).getByRole("button", { name: "Execute" }).click();
      await expect.poll(() => mock.requests().at(-1)?.decided.outcome).toBe("done");
    } finally {
      await mock.close();
    }
  });

  it("opens from a server, asks nobody else for anything, and sends a request to that server when asked to, once", async () => {
    const page = await open(`${origin}/docs`);
    await expectQuiet(page);
    const block = await operation(page);
    await block.locator("tr[data-param-name=apiKey] input").fill("a-key");
    await block.getByRole("button", { name: "Execute" }).click();
    await block.locator(".live-responses-table .response-col_status").getByText("200").waitFor();
    expect(asked).toMatchObject([{ method: "POST", url: "/client/api/v1/a-key/extend/order/auto" }]);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual(specOf(setAutoExtend).examples.requests.IPv4.request);
    expect(foreign).toEqual([]);
  });
});

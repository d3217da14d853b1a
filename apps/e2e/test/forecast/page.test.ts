import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { run } from "@auto-extend/cli";
import { startMockServer, type World } from "@auto-extend/mock-server";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closePages, describeInChromium, launchChromium } from "../chromium.js";
import { axeProblems } from "../dashboard/page.js";

const apiKey = "forecast-page-key";
const hostile = "<img src=//hostile.example/x onerror=alert(1)></title><script>alert(1)</script>";

/** Four orders that end one a week, each of some IP addresses at 1.1 for 30 days. */
const worldWith = (balance: number): World => ({
  version: 1,
  startsAt: "2030-01-01T00:00:00Z",
  accounts: [
    {
      id: "mine",
      apiKey,
      balance,
      currency: "USD",
      rentPeriods: { IPv4: [30] },
      prices: { IPv4: { 30: 1.1 } },
      orders: [
        { orderId: "11111", size: 12 },
        { orderId: "1112223334283d122", size: 5 },
        { orderId: hostile, size: 8 },
        { orderId: "off", size: 3 },
      ].map(({ orderId, size }, week) => ({
        orderId,
        proxyType: "IPv4",
        endsAt: `2030-01-${String(4 + 7 * week).padStart(2, "0")}T12:00:00Z`,
        ipAddresses: Array.from({ length: size }, (_, index) => ({
          ipAddressId: `${week}${index}`,
          ip: "192.0.2.1",
          country: "DE",
          autoExtend: orderId !== "off",
        })),
      })),
    },
  ],
});

describeInChromium("the page of a forecast in Chromium", () => {
  let browser: Browser;
  let folder: string;
  let file: string;
  /** A page without money for the renewal of the first day. */
  let shortFile: string;
  let page: Page;
  /** All that the page asks for, but for itself. */
  let asked: string[];
  let complaints: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "forecast-page-"));
    file = join(folder, "forecast.html");
    shortFile = join(folder, "short.html");
    // The money is short after a while.
    await forecastInto(file, { balance: 64.35, now: "2030-01-01T06:00:00Z" });
    await forecastInto(shortFile, { balance: 0, now: "2030-01-04T06:00:00Z" });
    browser = await launchChromium();
    // One page for all tests: a new one costs more than most of them.
    page = await browser.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => asked.push(request.url()));
  });

  afterAll(async () => {
    await closePages(browser);
    await rm(folder, { recursive: true, force: true });
  });

  async function open(colorScheme: "light" | "dark", width = 1_200, opened = file): Promise<void> {
    asked = [];
    complaints = [];
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 1_000 });
    await page.goto(pathToFileURL(opened).href);
    await page.waitForLoadState("networkidle");
  }

  it.each(["light", "dark"] as const)(
    "opens from a file, asks nobody for anything, and shows a chart that everybody can read: %s",
    async (scheme) => {
      await open(scheme);
      expect(asked).toEqual([pathToFileURL(file).href]);
      expect(await page.locator("script, img, link, iframe").count()).toBe(0);
      const chart = page.getByRole("img", { name: "Balance, day by day" });
      await chart.waitFor({ state: "visible" });
      const box = await chart.boundingBox();
      expect(box?.width).toBeGreaterThan(800);
      expect(box?.height).toBeGreaterThan(200);
      const line = await page.locator("svg .line").boundingBox();
      expect(line?.height).toBeGreaterThan(50);
      expect(await page.locator("svg .failed").count()).toBeGreaterThan(0);
      expect(await axeProblems(page)).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  it("has headings and tables that are named, and shows hostile texts as they are", async () => {
    await open("light");
    for (const name of ["Summary", "Balance, day by day (USD)", "Renewals", "Expiries", "Days"]) {
      expect(await page.getByRole("heading", { level: 2, name, exact: true }).count(), name).toBe(1);
      expect(await page.getByRole("region", { name, exact: true }).count(), name).toBe(1);
    }
    const days = page.getByRole("table", { name: /balance at the end of each day/ });
    expect(await days.getByRole("row").count()).toBe(92);
    // A long text is cut.
    expect(await page.getByText(hostile.slice(0, 30)).count()).toBeGreaterThan(1);
    expect(await page.title()).toMatch(/^Forecast of 127\.0\.0\.1:\d+$/);
  });

  it.each([360, 400])("fits a screen of %i px: what is wide scrolls by itself", async (width) => {
    await open("light", width);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
  });

  it.each(["light", "dark"] as const)(
    "keeps the marker of the shortage and its words at 400 px, and says what is to be spent: %s",
    async (scheme) => {
      await open(scheme, 400);
      await expectInChart("svg .short");
      await expectInChart("svg text.bad");
      expect(await page.locator("svg text.bad").textContent()).toBe("The balance runs out on 2030-03-05");
      await expectInChart("svg .failed");
      await expectWithin(page.getByText("To be spent", { exact: true }).first(), page.locator("body"));
      expect(await page.locator("dt", { hasText: "To be spent" }).isVisible()).toBe(true);
      // Letters smaller than that cannot be read.
      const letters = await page.locator("svg text.bad").boundingBox();
      expect(letters?.height).toBeGreaterThan(9);
      expect(await axeProblems(page)).toEqual([]);
    },
  );

  it.each([1_200, 400])("draws the demand where money is short on day one, at %i px", async (width) => {
    await open("light", width, shortFile);
    await expectInChart("svg .short");
    await expectInChart("svg text.bad");
    expect(await page.locator("svg text.bad").textContent()).toBe("The balance runs out on 2030-01-04");
    await expectInChart("svg .demand");
    const heightOf = async (selector: string) => (await page.locator(selector).boundingBox())?.height ?? 0;
    const chart = await heightOf("svg");
    // The balance stays where it is; the demand goes down to the bottom.
    expect((await heightOf("svg .line")) / chart).toBeLessThan(0.1);
    expect((await heightOf("svg .demand")) / chart).toBeGreaterThan(0.5);
    await page.getByText("Dashed: the balance if every renewal were paid.").waitFor({ state: "visible" });
    expect(await page.locator("dl").textContent()).toMatch(/To be spent\s*0\.00 USD.*Due in all\s*\d/s);
  });

  /** Something that a reader sees within the chart, as a whole. */
  async function expectInChart(selector: string): Promise<void> {
    for (const part of await page.locator(selector).all()) await expectWithin(part, page.locator("svg"));
    // A line without a width is not visible for Playwright.
    const style = `getComputedStyle(document.querySelector("${selector}"))`;
    const colours = await page.evaluate(`[${style}.stroke, ${style}.fill]`);
    expect(colours).toContainEqual(expect.stringMatching(/^rgb\((?!0, 0, 0\))/));
  }

  async function expectWithin(part: Locator, whole: Locator): Promise<void> {
    const [inner, outer] = [await part.boundingBox(), await whole.boundingBox()];
    if (!inner || !outer) throw new Error("It is not shown.");
    expect(inner.x).toBeGreaterThanOrEqual(outer.x);
    expect(inner.x + inner.width).toBeLessThanOrEqual(outer.x + outer.width);
    expect(inner.y).toBeGreaterThanOrEqual(outer.y);
    expect(inner.y + inner.height).toBeLessThanOrEqual(outer.y + outer.height);
  }

  it("has the API key nowhere", async () => {
    expect(await readFile(file, "utf8")).not.toContain(apiKey);
  });
});

/** Lets the CLI forecast 90 days of an account into a file. */
async function forecastInto(file: string, { balance, now }: { balance: number; now: string }): Promise<void> {
  const mock = await startMockServer({ world: worldWith(balance) });
  let errors = "";
  try {
    const argv = ["forecast", "--days", "90", "--now", now, "--html", file];
    const exitCode = await run([...argv, "--base-url", mock.url], {
      stdin: Readable.from([]),
      stdout: { write: () => true },
      stderr: { write: (text) => (errors += text) },
      env: { AUTO_EXTEND_API_KEY: apiKey },
      confirm: () => Promise.reject(new Error("Nobody is there to be asked.")),
    });
    expect(exitCode, errors).toBe(0);
  } finally {
    await mock.close();
  }
}

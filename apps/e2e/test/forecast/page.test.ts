import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { run } from "@auto-extend/cli";
import { startMockServer, type World } from "@auto-extend/mock-server";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../chromium.js";
import { axeProblems } from "../dashboard/page.js";

const apiKey = "forecast-page-key";
const hostile = "<img src=//hostile.example/x onerror=alert(1)></title><script>alert(1)</script>";

/** Four orders that end one a week, each of some IP addresses at 1.1 for 30 days; the money is short after a while. */
const world: World = {
  version: 1,
  startsAt: "2030-01-01T00:00:00Z",
  accounts: [
    {
      id: "mine",
      apiKey,
      balance: 64.35,
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
};

describeInChromium("the page of a forecast in Chromium", () => {
  let browser: Browser;
  let folder: string;
  let file: string;
  let page: Page;
  /** All that the page asks for, but for itself. */
  let asked: string[];
  let complaints: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "forecast-page-"));
    file = join(folder, "forecast.html");
    await forecastInto(file);
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
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(colorScheme: "light" | "dark", width = 1_200): Promise<void> {
    asked = [];
    complaints = [];
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 1_000 });
    await page.goto(pathToFileURL(file).href);
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

  it("fits a narrow screen: what is wide scrolls by itself", async () => {
    await open("light", 360);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  });

  it("has the API key nowhere", async () => {
    expect(await readFile(file, "utf8")).not.toContain(apiKey);
  });
});

/** Lets the CLI forecast 90 days of an account into a file. */
async function forecastInto(file: string): Promise<void> {
  const mock = await startMockServer({ world });
  let errors = "";
  try {
    const argv = ["forecast", "--days", "90", "--now", "2030-01-01T06:00:00Z", "--html", file];
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

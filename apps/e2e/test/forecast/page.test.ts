import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { run } from "@auto-extend/cli";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../chromium.js";

const apiKey = "forecast-page-key";
const hostile = "<img src=//hostile.example/x onerror=alert(1)></title><script>alert(1)</script>";

/** Four orders that end one a week, each of some IP addresses at 1.1 for 30 days; the money is short after a while. */
const orders = [
  { orderId: "11111", size: 12 },
  { orderId: "1112223334283d122", size: 5 },
  { orderId: hostile, size: 8 },
  { orderId: "off", size: 3 },
];

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
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(() => page?.close());

  async function open(colorScheme: "light" | "dark", width = 1_200): Promise<void> {
    asked = [];
    complaints = [];
    page = await browser.newPage({ colorScheme, viewport: { width, height: 1_000 } });
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    await page.waitForLoadState("networkidle");
  }

  describe.each(["light", "dark"] as const)("in the %s scheme", (scheme) => {
    it("opens from a file, asks nobody for anything and runs nothing", async () => {
      await open(scheme);
      expect(asked).toEqual([pathToFileURL(file).href]);
      expect(complaints).toEqual([]);
      expect(await page.locator("script, img, link, iframe").count()).toBe(0);
    });

    it("shows the chart, with the days on which the money is short", async () => {
      await open(scheme);
      const chart = page.getByRole("img", { name: "Balance, day by day" });
      await chart.waitFor({ state: "visible" });
      const box = await chart.boundingBox();
      expect(box?.width).toBeGreaterThan(800);
      expect(box?.height).toBeGreaterThan(200);
      const line = await page.locator("svg .line").boundingBox();
      expect(line?.height).toBeGreaterThan(50);
      expect(await page.locator("svg .failed").count()).toBeGreaterThan(0);
      await page.screenshot({ path: screenshot(scheme), fullPage: true });
    });

    it("has texts that stand out from what is behind them", async () => {
      await open(scheme);
      for (const selector of ["h1", ".verdict strong", "dt", "th", "tr.bad td", "footer p"]) {
        expect(await contrastOf(page, selector), selector).toBeGreaterThanOrEqual(4.5);
      }
    });
  });

  it("has headings and tables that are named", async () => {
    await open("light");
    for (const name of ["Summary", "Balance, day by day", "Renewals", "Expiries", "Days"]) {
      expect(await page.getByRole("heading", { level: 2, name, exact: true }).count(), name).toBe(1);
      expect(await page.getByRole("region", { name, exact: true }).count(), name).toBe(1);
    }
    const days = page.getByRole("table", { name: /balance at the end of each day/ });
    expect(await days.getByRole("row").count()).toBe(92);
  });

  it("shows hostile texts as they are", async () => {
    await open("light");
    expect(await page.getByText(hostile, { exact: true }).count()).toBeGreaterThan(1);
    expect(await page.title()).toMatch(/^Forecast of 127\.0\.0\.1:\d+$/);
  });

  it("fits a narrow screen: what is wide scrolls by itself", async () => {
    await open("light", 360);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await page.screenshot({ path: screenshot("narrow"), fullPage: true });
  });

  it("has the API key nowhere", async () => {
    expect(await readFile(file, "utf8")).not.toContain(apiKey);
  });
});

function screenshot(name: string): string {
  return fileURLToPath(new URL(`../../reports/forecast-${name}.png`, import.meta.url));
}

/** Lets the CLI forecast 90 days of an account into a file. */
async function forecastInto(file: string): Promise<void> {
  const server = createServer(account);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  let errors = "";
  try {
    const { port } = server.address() as AddressInfo;
    const argv = ["forecast", "--days", "90", "--now", "2030-01-01T06:00:00Z", "--html", file];
    const exitCode = await run([...argv, "--base-url", `http://127.0.0.1:${port}`], {
      stdin: Readable.from([]),
      stdout: { write: () => true },
      stderr: { write: (text) => (errors += text) },
      env: { AUTO_EXTEND_API_KEY: apiKey },
      confirm: () => Promise.reject(new Error("Nobody is there to be asked.")),
    });
    expect(exitCode, errors).toBe(0);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

const account: RequestListener = async (request, response) => {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  const [, path] = /^\/client\/api\/v1\/[^/]+\/([^?]*)/.exec(request.url ?? "") ?? [];
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(answerTo(path, body)));
};

function answerTo(path: string | undefined, body: string) {
  const balance = 64.35;
  if (path === "balance") return { success: true, balance, currencyCode: "USD", error: null };
  if (path === "ipAddress") return { success: true, ipAddresses: list(), error: null };
  const { proxyType, orderIds } = JSON.parse(body) as { proxyType: string; orderIds: string[] };
  const size = orders.find(({ orderId }) => orderId === orderIds[0])?.size ?? 0;
  return {
    success: true,
    proxyType,
    balance,
    price: (11 * size) / 10,
    currency: "USD",
    discount: 0,
    promoCodeStatus: null,
    error: null,
    warnings: null,
  };
}

function list() {
  return [
    {
      proxyType: "IPv4",
      orders: orders.map(({ orderId, size }, week) => ({
        orderId,
        ipAddresses: Array.from({ length: size }, (_, index) => ({
          ipAddressId: `${week}${index}`,
          ipAddressIp: "192.0.2.1",
          country: "DE",
          proxyType: "IPv4",
          dateStart: "2030-01-01T00:00:00.000Z",
          dateEnd: `2030-01-${String(4 + 7 * week).padStart(2, "0")}T12:00:00.000Z`,
          httpsPort: 8000,
          socks5Port: 8001,
          protocol: "HTTPS",
          authInfo: { login: "a-login", password: "a-proxy-password" },
          extendInfo: { autoExtend: orderId !== "off", extendDays: 30 },
        })),
      })),
    },
  ];
}

/** The contrast of a text with what is behind it, as WCAG counts it. */
async function contrastOf(page: Page, selector: string): Promise<number> {
  const find = `document.querySelector(${JSON.stringify(selector)})`;
  const [text = [], back = []] = await page.evaluate<number[][]>(`(${coloursOf})(${find})`);
  const [darker = 0, lighter = 0] = [luminance(text), luminance(back)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Runs in the page: the colours of an element's text and of what is behind it. */
const coloursOf = `(element) => {
  let behind = element;
  while (behind.parentElement && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") {
    behind = behind.parentElement;
  }
  return [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map((colour) =>
    colour.match(/[\\d.]+/g).slice(0, 3).map(Number),
  );
}`;

function luminance(colour: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
    const part = channel / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

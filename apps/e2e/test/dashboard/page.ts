import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { createRequire } from "node:module";
import { generateWorld, type MockServer } from "@auto-extend/mock-server";
import type { Browser, BrowserContext, Page } from "playwright-core";

/** The mock's dashboard in a browser, and what must never happen there. */

export interface Dashboard {
  readonly page: Page;
  /** Errors, warnings, dialogs, and requests to any other server. A mock that is away makes some. */
  readonly complaints: string[];
  /** The requests in the list, from the top. */
  rows(): Promise<string[]>;
  close(): Promise<void>;
}

interface Options {
  readonly view?: string;
  readonly width?: number;
  /** Default: the page is one that an earlier test closed, if there is one, since a new page costs half of most tests. */
  readonly context?: BrowserContext;
}

interface Shared {
  readonly context: BrowserContext;
  /** Pages that were closed, and are as good as new. */
  readonly spare: Set<Page>;
}

const sharedIn = new WeakMap<Browser, Shared>();

async function takePage(browser: Browser): Promise<Page> {
  let shared = sharedIn.get(browser);
  // Another file has closed what it had opened.
  if (!shared || !browser.contexts().includes(shared.context)) {
    shared = { context: await newContext(browser), spare: new Set() };
    sharedIn.set(browser, shared);
  }
  const { context, spare } = shared;
  const [page = await context.newPage()] = spare;
  spare.delete(page);
  return page;
}

/** Leaves nothing of a test in its page. */
async function giveBack(browser: Browser, page: Page): Promise<void> {
  page.removeAllListeners();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.evaluate("origin === 'null' || sessionStorage.clear()");
  await page.goto("about:blank");
  await page.mouse.move(0, 0);
  await page.emulateMedia({ colorScheme: "light" });
  sharedIn.get(browser)?.spare.add(page);
}

/** A window that shares nothing with others. */
export function newContext(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ colorScheme: "light", timezoneId: "UTC" });
}

export async function openDashboard(
  browser: Browser,
  url: string,
  options: Options = {},
): Promise<Dashboard> {
  const { view = "requests", width = 1_280, context } = options;
  const page = context ? await context.newPage() : await takePage(browser);
  await page.setViewportSize({ width, height: 800 });
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error.stack)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const isOwn = request.url().startsWith(url) || request.url().startsWith("blob:");
    if (!isOwn) complaints.push(`foreign request: ${request.url()}`);
  });
  await page.goto(`${url}/#${view}`);
  return {
    page,
    complaints,
    rows: () => page.locator(".row .what").allTextContents(),
    close: () => (context ? page.close() : giveBack(browser, page)),
  };
}

/** Holds the page's requests to some URLs back. @returns lets them go. */
export async function hold(page: Page, urls: string): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(urls, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** The link to a request by its place in the log (default: the last one). */
export function linkTo(mock: MockServer, place = -1): string {
  return `${mock.url}/#${mock.requests().at(place)?.id}`;
}

/** Sends a request of the API. */
export function send(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/client/api/v1/a-key/extend/order/auto`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** Sends the same request many times, a hundred at once. With `fetch` it would take twice the processor time. */
export async function sendMany(url: string, body: unknown, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const options = { agent, method: "POST", headers: { "content-type": "application/json" } };
  const one = () =>
    new Promise<void>((resolve, reject) => {
      request(`${url}/client/api/v1/a-key/extend/order/auto`, options, (response) => {
        response.resume().on("end", resolve).on("error", reject);
      })
        .on("error", reject)
        .end(JSON.stringify(body));
    });
  await Promise.all(Array.from({ length: count }, one));
  agent.destroy();
}

export const switchOn = {
  proxyType: "IPv4",
  orderIds: ["11111"],
  rentPeriodDays: 30,
  autoExtend: true,
} as const;

export const generatedWorld = generateWorld({ orders: 200, seed: 7, balance: 1_300 });

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * The problems that axe finds, each with the first place.
 *
 * @param rules the rules to check (default: all of them).
 */
export async function axeProblems(page: Page, rules?: readonly string[]): Promise<string[]> {
  // As a script of the page axe would break its policy.
  const cdp = await page.context().newCDPSession(page);
  const { result: found } = await cdp.send("Runtime.evaluate", { expression: "typeof axe" });
  if (found.value === "undefined") await cdp.send("Runtime.evaluate", { expression: await axe });
  const { result } = await cdp.send("Runtime.evaluate", {
    expression: `axe.run(${JSON.stringify({ runOnly: rules, resultTypes: ["violations"] })}).then(({ violations }) => JSON.stringify(violations))`,
    awaitPromise: true,
  });
  const violations = JSON.parse(result.value) as { id: string; nodes: { html: string }[] }[];
  await cdp.detach();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} (${nodes.length})`);
}

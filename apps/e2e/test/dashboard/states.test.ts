import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MockServer, startMockServer, type World } from "@auto-extend/mock-server";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { closePages, describeInChromium, launchChromium } from "../chromium.js";
import { axeProblems, type Dashboard, hold, openDashboard, send, switchOn } from "./page.js";

/** Text that would be markup, or turn around what follows, wherever a page did not escape it. */
const hostile = `"><img src=x onerror=alert(1)><script>alert(2)</script>\u202e`;

describeInChromium("the dashboard in states that are seldom seen, in Chromium", () => {
  let browser: Browser;
  let mock: MockServer;
  let dashboard: Dashboard;
  let folder: string;

  beforeAll(async () => {
    [browser, mock, folder] = await Promise.all([
      launchChromium(),
      startMockServer(),
      mkdtemp(join(tmpdir(), "dashboard-")),
    ]);
  });
  afterAll(() => Promise.all([closePages(browser), mock?.close(), rm(folder, { recursive: true })]));
  beforeEach(() => mock.reset());
  afterEach(() => dashboard?.close());

  /** In light and dark; layouts are those of one of the two widths. */
  async function expectFit(page: Page, state: string): Promise<void> {
    for (const width of [360, 1_280]) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        const rules = colorScheme === "dark" ? ["color-contrast"] : undefined;
        expect(await axeProblems(page, rules), `${state}, ${width}, ${colorScheme}`).toEqual([]);
      }
      expect(await page.evaluate("document.documentElement.scrollWidth"), state).toBe(width);
    }
    await page.emulateMedia({ colorScheme: "light" });
  }

  const go = (page: Page, view: string) => page.goto(`${mock.url}/#${view}`);

  it("suits assistive technology while it is empty, asks, can undo, or shows a broken world", async () => {
    dashboard = await openDashboard(browser, mock.url);
    const { page, complaints } = dashboard;
    await page.getByRole("heading", { name: "No requests yet" }).waitFor();
    await expectFit(page, "no requests");
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await expectFit(page, "help");
    await page.keyboard.press("Escape");
    await go(page, "money");
    await page.getByRole("heading", { name: "No time passes for the template" }).waitFor();
    await expectFit(page, "money of the template");
    await go(page, "orders");
    await page.getByText("New API keys get a copy of this template").waitFor();
    await expectFit(page, "orders of the template");
    await page.getByLabel("Auto-extend for order 11111", { exact: true }).click();
    await page.getByRole("dialog").waitFor();
    await expectFit(page, "a question");
    await page.getByRole("button", { name: "Switch in the template" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await expectFit(page, "undo");
    await page.getByRole("button", { name: "IP addresses" }).click();
    await page.getByText("192.0.2.1", { exact: false }).first().waitFor();
    await expectFit(page, "addresses");
    await go(page, "faults");
    await page.getByText("No faults queued").waitFor();
    await expectFit(page, "no faults");
    await go(page, "connect");
    const file = join(folder, "broken.json");
    await writeFile(file, `{ "version": 1, "accounts": [${"[]".padEnd(400)}] }`);
    await page.getByLabel("World file").setInputFiles(file);
    await page.getByText("broken.json was not loaded").waitFor();
    await expectFit(page, "a broken world");
    // Of the check of the file.
    expect(complaints).toEqual([expect.stringContaining("status of 400")]);
  });

  it("suits it while it asks for the control token, and says when it is refused altogether", async () => {
    const locked = await startMockServer({ controlToken: "secret-token" });
    try {
      dashboard = await openDashboard(browser, locked.url);
      const { page } = dashboard;
      await page.getByLabel("Control token").waitFor();
      await expectFit(page, "token");
      await page.route("**/__mock/**", (route) =>
        route.fulfill({
          status: 403,
          contentType: "application/problem+json",
          body: JSON.stringify({ id: "mock/forbidden", detail: "Not from here." }),
        }),
      );
      await page.getByLabel("Control token").fill("anything");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "The mock refuses this page" }).waitFor();
      await page.getByText("Not from here.").waitFor();
      await page.unroute("**/__mock/**");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByLabel("Control token").waitFor();
    } finally {
      await locked.close();
    }
  });

  it("shows hostile IDs and messages as text in every view", async () => {
    const [template] = mock.state().accounts;
    const [order] = template?.orders ?? [];
    const orders = [{ ...order, orderId: hostile }];
    const id = `account ${hostile}`;
    mock.putState({
      version: 1,
      accounts: [{ ...template, id, apiKey: "a-key", orders }],
    } as unknown as World);
    mock.faults.add({ preset: "error", options: { message: hostile }, times: 1 });
    await send(mock.url, { ...switchOn, orderIds: [hostile] });
    await send(mock.url, { ...switchOn, orderIds: [hostile] });
    mock.faults.add({ preset: "slow", match: { orderId: hostile } });
    for (const body of [{ [hostile]: hostile }, hostile]) await send(mock.url, body);
    await fetch(
      `${mock.url}/client/api/v1/a-key/%3Cscript%3E3%3C/script%3E?x=${encodeURIComponent(hostile)}`,
    );
    dashboard = await openDashboard(browser, mock.url);
    const { page, rows, complaints } = dashboard;
    await expect.poll(rows).toHaveLength(5);
    for (const row of await page.locator(".row").all()) {
      await row.click();
      await page.locator(".detail .rules-section").waitFor();
      expect(await page.locator("main").textContent()).not.toContain("\u202e");
    }
    // The message has struck, in the headline, the answer and the list.
    await page.locator(".verdict h2").getByText("<script>alert(2)</script>").waitFor();
    for (const [view, place] of [
      ["requests", ".row"],
      ["orders", ".orders .order"],
      ["money", "tr.main"],
      ["faults", ".queue"],
      ["connect", ".line code"],
    ] as const) {
      await go(page, view);
      await page.locator(place).first().waitFor();
      if (view === "money") await page.locator("tr.main .expand").first().click();
      await expect
        .poll(() => page.locator("main").textContent(), { message: view })
        .toContain("<script>alert(2)");
      expect(await page.locator("main").textContent(), view).not.toContain("\u202e");
      expect(await page.locator("main :is(img, script)").count(), view).toBe(0);
    }
    await go(page, "orders");
    await page.getByRole("checkbox").first().click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.locator(".toast").getByText("<script>alert(2)").waitFor();
    expect(complaints).toEqual([]);
  });

  it("can be used by keyboard alone: faults, clock, world, and every question", async () => {
    await send(mock.url, switchOn);
    dashboard = await openDashboard(browser, mock.url, { view: "faults" });
    const { page, complaints } = dashboard;
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const preset = page.locator(".preset").getByText("slow", { exact: true });
    await preset.waitFor();
    // Until then nothing can be changed.
    await page.getByText("Live", { exact: true }).waitFor();
    const [first] = await page.locator(".preset button").all();
    await first?.press("Enter");
    await expect.poll(() => first?.getAttribute("aria-pressed")).toBe("true");
    await page.getByRole("button", { name: /^Queue \S+$/ }).press("Enter");
    await expect.poll(() => mock.faults.list().length).toBe(1);
    await page.getByRole("button", { name: "Remove", exact: false }).first().press("Enter");
    await expect.poll(() => mock.faults.list().length).toBe(0);
    await press("3");
    const before = Date.parse(mock.clock.state().now);
    await page.getByRole("button", { name: /^To next renewal/ }).press("Enter");
    await expect.poll(() => Date.parse(mock.clock.state().now) - before).toBeGreaterThan(86_400_000);
    // A question begins with its safe answer, and Escape gives it.
    await press("5");
    await page.getByRole("button", { name: "Reset" }).press("Enter");
    await page.getByRole("dialog", { name: "Reset the mock?" }).waitFor();
    await press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(mock.requests()).toHaveLength(1);
    await page.getByRole("button", { name: "Reset" }).press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).press("Enter");
    await expect.poll(() => mock.requests().length).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("saves the world, generates the same one from a seed, and filters by end and operation", async () => {
    dashboard = await openDashboard(browser, mock.url, { view: "connect" });
    const { page, complaints } = dashboard;
    await page.getByLabel("Seed").waitFor();
    const generate = async (seed: string) => {
      await page.getByLabel("Seed").fill(seed);
      await page.getByRole("button", { name: "Generate and replace" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Replace", exact: true }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
      const [account] = mock.state().accounts;
      return account?.orders.map(({ orderId }) => orderId);
    };
    await expect.poll(() => mock.state().accounts[0]?.orders.length).toBe(6);
    await generate("3");
    await expect.poll(() => mock.state().accounts[0]?.orders.length).toBe(200);
    const first = mock.state().accounts[0]?.orders.map(({ orderId }) => orderId);
    await generate("4");
    await expect.poll(() => mock.state().accounts[0]?.orders[0]?.orderId).not.toBe(first?.[0]);
    await generate("3");
    await expect.poll(() => mock.state().accounts[0]?.orders.map(({ orderId }) => orderId)).toEqual(first);
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save" }).click(),
    ]);
    const world = join(folder, "saved.json");
    await saved.saveAs(world);
    mock.reset();
    await page.getByLabel("World file").setInputFiles(world);
    await page.getByRole("dialog").getByRole("button", { name: "Replace", exact: true }).click();
    await expect.poll(() => mock.state().accounts[0]?.orders.map(({ orderId }) => orderId)).toEqual(first);
    await go(page, "orders");
    const all = await page.locator(".foot").textContent();
    await page.getByLabel("Ending within").selectOption("24");
    await expect.poll(() => page.locator(".foot").textContent()).not.toBe(all);
    const ends = await page
      .locator(".order .c-ends time")
      .evaluateAll((found) => found.map((each) => (each as unknown as { dateTime: string }).dateTime));
    const limit = Date.parse(mock.clock.state().now) + 86_400_000;
    expect(ends.every((at) => Date.parse(at) <= limit)).toBe(true);
    await send(mock.url, switchOn);
    await fetch(`${mock.url}/client/api/v1/a-key/balance`);
    await go(page, "requests");
    await expect.poll(dashboard.rows).toHaveLength(2);
    await page.getByLabel("Operation").selectOption("getBalance");
    await expect.poll(dashboard.rows).toEqual([expect.stringContaining("getBalance")]);
    expect(complaints).toEqual([]);
  });

  it("has all figures in the table if the chart cannot be loaded", async () => {
    await send(mock.url, switchOn);
    dashboard = await openDashboard(browser, "about:blank");
    const { page } = dashboard;
    await page.route("**/assets/chart-*", (route) => route.abort());
    await go(page, "money");
    await page.getByText("The chart could not be loaded. The table below has the same figures.").waitFor();
    await page.locator("tr.main").first().waitFor();
  });

  it("keeps few rows of long tables in the document: days, orders of a day, and accounts", async () => {
    const [template] = mock.state().accounts;
    const [order] = template?.orders ?? [];
    const { ipAddresses: [address] = [], ...rest } = { ...order };
    const orderAt = (endsAt: string, index: number) => ({
      ...rest,
      orderId: `order-${index}`,
      endsAt,
      ipAddresses: [{ ...address, ipAddressId: `ip-${index}`, endsAt: undefined, autoExtend: false }],
    });
    const daily = Array.from({ length: 300 }, (_, day) => orderAt(`+${day + 2}d`, day));
    const together = Array.from({ length: 300 }, (_, index) => orderAt("+1d", 1_000 + index));
    const accounts = Array.from({ length: 150 }, (_, index) => ({
      ...template,
      id: `other-${index}`,
      orders: [],
    }));
    const first = { ...template, id: "first", apiKey: "a-key", orders: [...daily, ...together] };
    mock.putState({ version: 1, accounts: [first, ...accounts] } as unknown as World);
    await send(mock.url, switchOn);
    dashboard = await openDashboard(browser, mock.url, { view: "money" });
    const { page, complaints } = dashboard;
    await page.getByRole("button", { name: "1 year" }).click();
    const days = page.locator("tr.main");
    await expect.poll(() => page.locator(".foot, tfoot").first().textContent()).toContain("Total");
    await expect.poll(() => days.count()).toBeGreaterThan(5);
    expect(await days.count()).toBeLessThan(100);
    const main = page.locator("main");
    await main.evaluate((node) => node.scrollTo(0, 1_000_000));
    await expect.poll(() => days.last().textContent()).toContain("in 301 d");
    expect(await days.count()).toBeLessThan(100);
    await main.evaluate((node) => node.scrollTo(0, 0));
    await days.first().getByRole("button").click();
    const events = page.locator(".events");
    await events.getByText("order-1000", { exact: true }).waitFor();
    expect(await events.locator("tr").count()).toBeLessThan(100);
    await events.evaluate((node) => node.scrollTo(0, 1_000_000));
    await events.getByText("order-1299", { exact: true }).waitFor();
    await go(page, "connect");
    const world = page.locator("[aria-label=World] .link");
    await expect.poll(() => world.count()).toBeGreaterThan(10);
    expect(await world.count()).toBeLessThan(100);
    expect(complaints).toEqual([]);
  });

  it("draws Money again while time and requests change it", async () => {
    await send(mock.url, switchOn);
    dashboard = await openDashboard(browser, mock.url, { view: "money" });
    const { page } = dashboard;
    const cost = () => page.locator(".figures dd:nth-of-type(1)").nth(1).textContent();
    await expect.poll(cost).toBe("0.80 USD");
    await send(mock.url, { ...switchOn, autoExtend: false });
    await expect.poll(cost).toBe("0.00 USD");
    const release = await hold(page, "**/__mock/forecast?*");
    await page.getByRole("button", { name: "1 year" }).click();
    await page.locator(".page[aria-busy=true]").waitFor();
    release();
    await page.locator(".page[aria-busy=false]").waitFor();
  });

  it("finds an order by one of its addresses, and shows which", async () => {
    await send(mock.url, switchOn);
    const { ipAddresses: [, second] = [] } = mock.state({ apiKey: "a-key" }).accounts[0]?.orders[1] ?? {};
    dashboard = await openDashboard(browser, mock.url, { view: "orders" });
    const { page } = dashboard;
    await page.getByRole("searchbox").fill(second?.ipAddressId ?? "");
    await expect.poll(() => page.locator(".address mark").allTextContents()).toEqual([second?.ip]);
    await page.getByRole("button", { name: "Addresses of order 22222" }).click();
    await expect.poll(() => page.locator(".address").count()).toBe(0);
  });
});

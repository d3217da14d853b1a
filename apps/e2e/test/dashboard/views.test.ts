import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@auto-extend/client";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { describeInChromium, launchChromium } from "../chromium.js";
import { axeProblems, type Dashboard, generatedWorld, openDashboard, send, switchOn } from "./page.js";

const views = ["requests", "orders", "money", "faults", "connect"];

describeInChromium("the dashboard's views in Chromium", () => {
  let browser: Browser;
  let mock: MockServer;
  let dashboard: Dashboard | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    mock = await startMockServer({ world: generatedWorld });
  });
  afterEach(async () => {
    await dashboard?.close();
    await mock.close();
  });

  it("move the clock, and show at once what it cost", async () => {
    await send(mock.url, switchOn);
    mock.clock.freeze();
    dashboard = await openDashboard(browser, mock.url, { view: "money" });
    const { page, complaints } = dashboard;
    const balance = page.locator(".figures dd").first();
    await expect.poll(() => balance.textContent()).toBe("1,300.00 USD");
    const step = page.getByRole("button", { name: "+7 days" });
    const cost = Number(/−([\d,.]+)/.exec((await step.textContent()) ?? "")?.[1]?.replace(",", ""));
    expect(cost).toBeGreaterThan(0);
    await step.click();
    await expect
      .poll(() => balance.textContent())
      .toBe(`${(1_300 - cost).toLocaleString("en-GB", { minimumFractionDigits: 2 })} USD`);
    await page.locator(".chart canvas").waitFor();
    await page.locator("tr.past").first().waitFor();
    const day = page.locator("tr.main:not(.past)").first();
    await day.getByRole("button").click();
    await page.locator(".events li").first().waitFor();
    expect(complaints).toEqual([]);
  });

  it("queue a fault, which the next call meets and the list explains", async () => {
    dashboard = await openDashboard(browser, mock.url, { view: "faults" });
    const { page } = dashboard;
    await page.locator(".preset").getByText("gateway-502", { exact: true }).click();
    await page.getByLabel("How often").fill("3");
    await page.getByRole("button", { name: "Queue gateway-502" }).click();
    await page.locator(".queue").getByText("any request · 3 left · injected 0 times").waitFor();
    const client = createClient({ apiKey: "a-key", baseUrl: mock.url, retry: { attempts: 1 } });
    await expect(client.setAutoExtend({ ...switchOn, orderIds: ["11111"] })).rejects.toThrow("502");
    await page.locator(".queue").getByText("2 left · injected once").waitFor();
    await page.goto(`${mock.url}/#requests`);
    await page.locator(".detail").getByText("queued before").waitFor();
    await page.goto(`${mock.url}/#faults`);
    await page.getByRole("button", { name: "Remove all" }).click();
    await page.getByText("No faults queued").waitFor();
    expect(mock.faults.list()).toEqual([]);
  });

  it("show an order ID that injects the same fault, whatever its options are", async () => {
    dashboard = await openDashboard(browser, mock.url, { view: "faults" });
    const { page } = dashboard;
    await page.locator(".preset").getByText("error", { exact: true }).click();
    await page.getByLabel("message").fill('a, b and "c"');
    const line = page.locator(".line code", { hasText: /^fault-error:/ });
    const orderId = (await line.textContent()) ?? "";
    const client = createClient({ apiKey: "a-key", baseUrl: mock.url, retry: { attempts: 1 } });
    await expect(client.setAutoExtend({ ...switchOn, orderIds: [orderId] })).rejects.toMatchObject({
      code: 35,
      providerMessage: 'a, b and "c"',
    });
  });

  it("say where a world is broken, and leave the mock as it was", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dashboard-"));
    try {
      const file = join(folder, "broken-world.json");
      const world = {
        version: 1,
        accounts: [{ id: "default", balance: "5", currency: "USD", rentPeriods: {}, orders: [] }],
      };
      await writeFile(file, JSON.stringify(world, null, 2));
      dashboard = await openDashboard(browser, mock.url, { view: "connect" });
      const { page } = dashboard;
      await page.getByText("default").first().waitFor();
      await page.getByLabel("World file").setInputFiles(file);
      await page.getByText("broken-world.json was not loaded: 1 problem").waitFor();
      await page.locator(".issues").getByText("accounts[0].balance").waitFor();
      await page.locator(".issues").getByText("line 6").waitFor();
      expect(await page.locator(".code .hot").textContent()).toContain('"balance": "5"');
      expect(mock.state().accounts[0]?.orders).toHaveLength(200);
      await writeFile(file, "{ nonsense");
      await page.getByLabel("World file").setInputFiles(file);
      await page.getByText("It is not JSON").or(page.getByText("1 problem")).first().waitFor();
      await page.getByLabel("Orders", { exact: true }).fill("12");
      await page.getByRole("button", { name: "Generate and replace" }).click();
      await expect.poll(() => mock.state().accounts[0]?.orders.length).toBe(12);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("have a strict policy, and nothing inline", async () => {
    const response = await fetch(mock.url);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(await response.text()).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bon\w+=|https?:/);
  });

  it.each(["light", "dark"] as const)("fit, and suit assistive technology, %s", async (colorScheme) => {
    await send(mock.url, { ...switchOn, rentPeriodDays: 7 });
    await send(mock.url, switchOn, { prefer: "fault=gateway-502" });
    mock.faults.add({ preset: "slow", match: { orderId: "nowhere" } });
    for (const view of views) {
      dashboard = await openDashboard(browser, mock.url, { view, colorScheme });
      const { page, complaints } = dashboard;
      await page.locator(".row, .orders .order, .chart canvas, .preset, td").first().waitFor();
      await page.waitForTimeout(200);
      for (const width of [1_280, 390, 360]) {
        await page.setViewportSize({ width, height: 800 });
        await expect.poll(() => page.evaluate("document.documentElement.scrollWidth")).toBe(width);
        // The two narrow windows have the same layout. In the dark, nothing but colours is another.
        const rules = colorScheme === "dark" ? ["color-contrast"] : undefined;
        if (width !== 390) expect(await axeProblems(page, rules), `${view}, ${width}`).toEqual([]);
      }
      expect(complaints, view).toEqual([]);
      await dashboard.close();
      dashboard = undefined;
    }
  });
});

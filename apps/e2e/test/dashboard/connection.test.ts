import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { closePages, describeInChromium, launchChromium } from "../chromium.js";
import { axeProblems, type Dashboard, newContext, openDashboard, send, switchOn } from "./page.js";

describeInChromium("the dashboard's connection in Chromium", () => {
  let browser: Browser;
  const closers: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => closePages(browser));
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function start(options: Parameters<typeof startMockServer>[0] = {}): Promise<MockServer> {
    const mock = await startMockServer(options);
    closers.push(() => mock.close());
    return mock;
  }

  async function open(url: string, options: Parameters<typeof openDashboard>[2] = {}): Promise<Dashboard> {
    const dashboard = await openDashboard(browser, url, options);
    closers.push(() => dashboard.close());
    return dashboard;
  }

  async function contextOfItsOwn() {
    const context = await newContext(browser);
    closers.push(() => context.close());
    return context;
  }

  const status = ({ page }: Dashboard) => page.locator(".live").textContent();

  it("survives a mock that dies and comes back, and says what may be missing", async () => {
    const first = await startMockServer();
    for (const id of ["older", "before"]) await send(first.url, { ...switchOn, orderIds: [id] });
    const dashboard = await open(first.url);
    const { page, rows } = dashboard;
    await expect.poll(rows).toHaveLength(2);
    const loadedCharts = `performance.getEntriesByType("resource").filter(({ name }) => /chart-[^/]*[.]js$/.test(name)).length`;
    // The page waits a second before it loads it.
    await expect.poll(() => page.evaluate(loadedCharts)).toBe(1);
    await page.keyboard.press("2");
    await page.getByLabel("Auto-extend for order 22222", { exact: true }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await page.keyboard.press("1");
    // Events wait a moment to leave together, and the mock's end would cut this one off.
    await expect.poll(rows).toHaveLength(3);
    await first.close();
    await page.getByRole("strong").getByText("The mock does not answer.").waitFor();
    await page.getByText(`npx @auto-extend/mock-server --port ${first.port}`).waitFor();
    expect(await page.getByRole("button", { name: "Clear" }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Copy as curl" }).isEnabled()).toBe(true);
    await page.locator(".row").last().click();
    const link = page.url();
    await page.locator(".rules-section .calm").getByText("when the mock went away").waitFor();

    expect(await axeProblems(page)).toEqual([]);
    // What was seen before can still be looked at.
    await page.keyboard.press("2");
    const lastKnown = page.getByLabel("Auto-extend for order 22222", { exact: true });
    await expect.poll(() => lastKnown.getAttribute("aria-checked")).toBe("true");
    expect(await lastKnown.isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Undo" }).isDisabled()).toBe(true);
    // A view that was never looked at says why it is empty.
    await page.keyboard.press("3");
    await page.getByText("this page loads the forecast by itself").waitFor();
    await page.keyboard.press("4");
    await page.getByText("this page loads the faults by itself").waitFor();

    const second = await start({ port: first.port });
    await send(second.url, { ...switchOn, orderIds: ["after"] });
    await page.getByText("Connected again.").waitFor();
    await expect.poll(() => status(dashboard)).toBe("Live");
    await page.locator(".preset").first().waitFor();
    await page.keyboard.press("1");
    await page.locator(".gap").getByText("may be missing").waitFor();
    expect(await rows()).toEqual(
      ["after", "22222", "before", "older"].map((id) => expect.stringContaining(id)),
    );
    await send(second.url, { ...switchOn, orderIds: ["later"] });
    await expect.poll(rows).toHaveLength(5);
    expect(await axeProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await axeProblems(page, ["color-contrast"])).toEqual([]);
    // The orders are those of another run: nothing was switched in it, so nothing can be undone.
    await page.keyboard.press("2");
    await page.getByLabel("Auto-extend for order 22222", { exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Undo" }).count()).toBe(0);
    // All views say it until it was read.
    await page.getByText("without --state its orders and clock are those of a start").waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    expect(await page.getByText("Connected again.").count()).toBe(0);
    // Another request has the same ID now.
    await page.goto("about:blank");
    await page.goto(link);
    await page.getByText("a request-1 from before a restart of the mock").waitFor();
  });

  it("loads the newest requests once, together with its own files", async () => {
    const mock = await start();
    await send(mock.url, switchOn);
    const { page, rows, complaints } = await open(mock.url);
    await expect.poll(rows).toHaveLength(1);
    await page.getByText("Live", { exact: true }).waitFor();
    const loads = await page.evaluate(
      `performance.getEntriesByType("resource").flatMap(({ name, initiatorType }) => name.includes("/requests") ? name.replace(/.*[/]/, initiatorType + " ") : [])`,
    );
    // What is shown of the first one does not wait for the rest.
    expect(loads).toEqual(["link requests?limit=40", "fetch request-1", "fetch requests?limit=1000"]);
    expect(complaints).toEqual([]);
  });

  it("says that the account that was chosen is gone after a restart, and another one is shown", async () => {
    const first = await startMockServer();
    await send(first.url, switchOn);
    const account = first.requests()[0]?.account ?? "";
    const { page } = await open(first.url, { view: "orders" });
    await page.getByLabel("Account", { exact: true }).selectOption(account);
    await first.close();
    await start({ port: first.port });
    await page.getByText(`The mock has no account ${account}. This is another one.`).waitFor();
  });

  it("has no gap and no duplicate after the network was away", async () => {
    const mock = await start();
    await send(mock.url, { ...switchOn, orderIds: ["one"] });
    const dashboard = await open(mock.url);
    const { page, rows } = dashboard;
    await expect.poll(rows).toHaveLength(1);
    await page.context().setOffline(true);
    await expect.poll(() => status(dashboard)).toBe("Disconnected");
    await send(mock.url, { ...switchOn, orderIds: ["two"] });
    await page.context().setOffline(false);
    await expect.poll(() => status(dashboard)).toBe("Live");
    await send(mock.url, { ...switchOn, orderIds: ["three"] });
    await expect.poll(rows).toHaveLength(3);
    expect((await rows()).map((text) => text.split(" ").at(-1))).toEqual(["three", "two", "one"]);
    expect(await page.locator(".gap").count()).toBe(0);
  });

  const away = {
    "a reset, and as many requests as before": (mock: MockServer) => mock.reset(),
    "the log was cleared": (mock: MockServer) => mock.clearRequests(),
    "the requests of one account were cleared": (mock: MockServer) => mock.clearRequests({ apiKey: "a-key" }),
  };

  it.each(Object.entries(away))(
    "has what the mock has, and says so, after it was away during: %s",
    async (_, clear) => {
      const mock = await start();
      for (const id of ["old-1", "old-2", "old-3"]) await send(mock.url, { ...switchOn, orderIds: [id] });
      const dashboard = await open(mock.url);
      const { page, rows } = dashboard;
      const other = await open(mock.url, { context: await contextOfItsOwn() });
      for (const tab of [dashboard, other]) await expect.poll(tab.rows).toHaveLength(3);
      await page.context().setOffline(true);
      await expect.poll(() => status(dashboard)).toBe("Disconnected");
      clear(mock);
      for (const id of ["new-1", "new-2", "new-3"]) await send(mock.url, { ...switchOn, orderIds: [id] });
      await page.context().setOffline(false);
      await page.getByText("Connected again. The log was cleared while this page was away.").waitFor();
      await send(mock.url, { ...switchOn, orderIds: ["new-4"] });
      const shown = async (tab: Dashboard) => (await tab.rows()).map((text) => text.split(" ").at(-1));
      for (const tab of [dashboard, other]) {
        await expect.poll(() => shown(tab)).toEqual(["new-4", "new-3", "new-2", "new-1"]);
        expect(await tab.page.locator(".gap").count()).toBe(0);
      }
      expect(await other.page.getByText("Connected again").count()).toBe(0);
      expect(await axeProblems(page)).toEqual([]);
      mock.clearRequests();
      await expect.poll(rows).toEqual([]);
    },
  );

  it("keeps two tabs in step", async () => {
    const mock = await start();
    await send(mock.url, switchOn);
    const first = await open(mock.url, { view: "orders" });
    const second = await open(mock.url, { view: "faults", context: first.page.context() });
    await second.page.getByRole("button", { name: "Queue once: slow" }).click();
    await first.page.locator(".tabs .count").getByText("1").waitFor();
    const box = (dashboard: Dashboard) =>
      dashboard.page.getByLabel("Auto-extend for order 11111", { exact: true });
    await expect.poll(() => box(first).getAttribute("aria-checked")).toBe("true");
    await second.page.goto(`${mock.url}/#orders`);
    await box(second).click();
    await expect.poll(() => box(first).getAttribute("aria-checked")).toBe("false");
    await first.page.goto(`${mock.url}/#requests`);
    await expect.poll(first.rows).toHaveLength(2);
    await second.page.goto(`${mock.url}/#requests`);
    await second.page.getByRole("button", { name: "Clear" }).click();
    await second.page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    expect(mock.requests()).toHaveLength(2);
    await second.page.getByRole("button", { name: "Clear" }).click();
    await second.page.getByRole("dialog").getByRole("button", { name: "Clear the log" }).click();
    await first.page.getByText("No requests yet").first().waitFor();
  });

  it("shows changes soon, however long its first loads took", async () => {
    const mock = await start();
    const context = await contextOfItsOwn();
    await context.clock.install();
    await context.route("**/__mock/accounts", async (route) => {
      await context.clock.fastForward("00:30");
      await route.continue();
    });
    const { page } = await open(mock.url, { context });
    await page.getByText("Live", { exact: true }).waitFor();
    const queued = page.locator(".tabs .count");
    mock.faults.add({ preset: "slow" });
    await queued.getByText("1").waitFor();
    mock.faults.add({ preset: "slow" });
    for (let seconds = 0; seconds < 5 && (await queued.textContent()) !== "2"; seconds += 1) {
      await context.clock.fastForward("00:01");
    }
    await queued.getByText("2").waitFor();
  });

  it("asks for the control token, which never stands in a URL", async () => {
    const mock = await start({ controlToken: "secret-token" });
    await send(mock.url, switchOn);
    const { page, rows } = await open(mock.url);
    const urls: string[] = [];
    page.on("request", (request) => urls.push(request.url()));
    const token = page.getByLabel("Control token");
    // Pasted from a text, it can have what no header can carry.
    await token.fill("\u201csecret-token\u200b");
    await page.keyboard.press("Enter");
    expect(await token.evaluate((field) => field.matches(":invalid"))).toBe(true);
    expect(await status({ page } as Dashboard)).toBe("Locked");
    await page.getByLabel("Control token").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("does not accept this token").waitFor();
    await page.getByLabel("Control token").fill(" secret-token ");
    await page.keyboard.press("Enter");
    await expect.poll(rows).toHaveLength(1);
    await page.reload();
    await expect.poll(rows).toHaveLength(1);
    // The reference in the same tab knows it, too.
    await page.goto(`${mock.url}/docs-control`);
    const listing = page.locator("[id$='-listFaults']");
    await listing.locator(".opblock-summary-control").click();
    await listing.getByRole("button", { name: "Execute" }).click();
    await listing.locator(".live-responses-table .response-col_status").getByText("200").waitFor();
    expect(urls.join()).not.toContain("secret");
  });
});

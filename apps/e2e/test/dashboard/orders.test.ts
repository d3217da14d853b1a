import { generateWorld, type MockServer, startMockServer, type World } from "@auto-extend/mock-server";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { closePages, describeInChromium, launchChromium } from "../chromium.js";
import { type Dashboard, hold, linkTo, newContext, openDashboard, send, switchOn } from "./page.js";

describeInChromium("the dashboard's orders in Chromium", () => {
  let browser: Browser;
  let mock: MockServer;
  let dashboard: Dashboard;

  beforeAll(async () => {
    [browser, mock] = await Promise.all([launchChromium(), startMockServer()]);
  });
  afterAll(() => Promise.all([closePages(browser), mock?.close()]));
  beforeEach(() => mock.reset());
  afterEach(() => dashboard?.close());

  const addressesOf = (orderId: string) =>
    mock
      .state({ apiKey: "a-key" })
      .accounts[0]?.orders.find((order) => order.orderId === orderId)
      ?.ipAddresses.map(({ ipAddressId, autoExtend, rentPeriodDays }) => ({
        ipAddressId,
        autoExtend,
        rentPeriodDays,
      })) ?? [];

  it("are switched by a request in the log, and switched back as each address was", async () => {
    const untouched = addressesOf("11111");
    const context = await newContext(browser);
    dashboard = await openDashboard(browser, mock.url, { view: "orders", context });
    const { page, complaints, rows } = dashboard;
    await page.getByLabel("Account", { exact: true }).selectOption({ index: 1 });
    const box = page.getByLabel("Auto-extend for order 11111", { exact: true });
    await expect.poll(() => box.getAttribute("aria-checked")).toBe("false");
    await page.clock.install();
    await box.click();
    await expect.poll(() => box.getAttribute("aria-checked")).toBe("true");
    expect(addressesOf("11111").every(({ autoExtend }) => autoExtend)).toBe(true);
    const [entry] = mock.requests();
    expect(entry).toMatchObject({
      operation: "setAutoExtend",
      sent: { orderIds: ["11111"], autoExtend: true },
    });
    expect(entry?.account).not.toBeNull();
    // It stays until it is closed.
    await page.clock.fastForward("10:00");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => box.getAttribute("aria-checked")).toBe("false");
    expect(addressesOf("11111")).toEqual(untouched);
    expect(await page.getByRole("button", { name: "Undo" }).count()).toBe(0);
    await page.goto(linkTo(mock, 0));
    await page.locator(".detail").getByRole("heading", { name: "Done: 1 order changed" }).waitFor();
    // The list has both, so that it does not contradict the state.
    expect(await rows()).toEqual(["Undo order 11111", expect.stringContaining("setAutoExtend IPv4")]);
    await page.locator(".row").first().click();
    await page.getByText("An undo has no rules.").waitFor();
    await page.getByRole("row", { name: "11111 1 on → off" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("with several periods ask for one, and an undo gives each address its own back", async () => {
    mock.putState(generateWorld({ orders: 400, seed: 3, onShare: 0.5 }));
    await send(mock.url, switchOn);
    const mixed = mock
      .state({ apiKey: "a-key" })
      .accounts[0]?.orders.find(
        ({ proxyType, ipAddresses }) =>
          proxyType === "IPv4" &&
          new Set(ipAddresses.map(({ rentPeriodDays }) => rentPeriodDays)).size > 2 &&
          new Set(ipAddresses.map(({ autoExtend }) => autoExtend)).size === 2,
      );
    const orderId = mixed?.orderId ?? "";
    const before = addressesOf(orderId);
    dashboard = await openDashboard(browser, mock.url, { view: "orders" });
    const { page } = dashboard;
    await page.getByLabel("State").selectOption("notAllOn");
    await expect.poll(() => page.locator(".orders .switch[aria-checked=true]").count()).toBe(0);
    await expect.poll(() => page.locator(".orders .switch[aria-checked=mixed]").count()).toBeGreaterThan(0);
    await page.getByLabel("State").selectOption("");
    // A narrow window says the outcome of an order, too.
    await page.setViewportSize({ width: 390, height: 800 });
    await expect.poll(() => page.locator(".orders .head").isVisible()).toBe(false);
    expect(await page.locator(".order .c-outlook").first().isVisible()).toBe(true);
    await page.setViewportSize({ width: 1_280, height: 800 });
    await page.getByRole("searchbox").fill(orderId);
    const box = page.getByLabel(`Auto-extend for order ${orderId}`, { exact: true });
    await expect.poll(() => box.getAttribute("aria-checked")).toBe("mixed");
    await box.click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^60 days/ })
      .click();
    await expect.poll(() => box.getAttribute("aria-checked")).toBe("true");
    expect(new Set(addressesOf(orderId).map(({ rentPeriodDays }) => rentPeriodDays))).toEqual(new Set([60]));
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone: ").waitFor();
    expect(addressesOf(orderId)).toEqual(before);
    await page.getByRole("button", { name: `Addresses of order ${orderId}` }).click();
    const address = page.locator(".address").first();
    const was = await address.getByRole("checkbox").getAttribute("aria-checked");
    await address.getByRole("checkbox").click();
    await expect.poll(() => address.getByRole("checkbox").getAttribute("aria-checked")).not.toBe(was);
  });

  it("of type IPv6, which no request can switch in parts, are switched back as each address was", async () => {
    const [world] = generateWorld({ orders: 1, seed: 1 }).accounts;
    const address = { ip: "2001:db8::1", country: "DE" };
    const ipAddresses = [
      { ...address, ipAddressId: "61", autoExtend: true, rentPeriodDays: 30 },
      { ...address, ipAddressId: "62", autoExtend: false, rentPeriodDays: 90 },
    ];
    const six = { orderId: "six", proxyType: "IPv6", endsAt: "+5d", ipAddresses } as const;
    mock.putState({ version: 1, accounts: [{ ...world, id: "default", orders: [six] }] } as World);
    await send(mock.url, switchOn);
    const before = addressesOf("six");
    dashboard = await openDashboard(browser, mock.url, { view: "orders" });
    const { page, complaints } = dashboard;
    const box = page.getByLabel("Auto-extend for order six", { exact: true });
    await box.click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^90 days/ })
      .click();
    await expect.poll(() => box.getAttribute("aria-checked")).toBe("true");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone: ").waitFor();
    expect(addressesOf("six")).toEqual(before);
    await expect.poll(() => box.getAttribute("aria-checked")).toBe("mixed");
    expect(complaints).toEqual([]);
  });

  it("are switched without using up a queued fault, and a refusal is said to be one", async () => {
    await send(mock.url, { ...switchOn, autoExtend: false });
    mock.faults.add({ preset: "hang", times: 1 });
    dashboard = await openDashboard(browser, mock.url, { view: "orders" });
    const { page } = dashboard;
    const box = page.getByLabel("Auto-extend for order 11111", { exact: true });
    await box.click();
    await page.getByText("Auto-extend is on for order 11111.").waitFor();
    expect(mock.faults.list()).toMatchObject([{ left: 1, injected: 0 }]);
    await expect.poll(() => box.getAttribute("aria-checked")).toBe("true");
    await page.route("**/__mock/operations*", (route) =>
      route.continue({ postData: (route.request().postData() ?? "").replace('"11111"', '"nowhere"') }),
    );
    await box.click();
    await page.getByText("order 11111 was not switched").waitFor();
    expect(addressesOf("11111").every(({ autoExtend }) => autoExtend)).toBe(true);
  });

  it("are not said to be switched back if they expired, or had their earlier state already", async () => {
    await send(mock.url, switchOn);
    dashboard = await openDashboard(browser, mock.url, { view: "orders" });
    const { page } = dashboard;
    const box = page.getByLabel("Auto-extend for order 11111", { exact: true });
    const undo = page.getByRole("button", { name: "Undo" });
    await expect.poll(() => box.getAttribute("aria-checked")).toBe("true");
    await box.click();
    await undo.waitFor();
    await send(mock.url, switchOn);
    await undo.click();
    await page.getByText("Nothing was undone: order 11111 had its earlier state already.").waitFor();
    await expect.poll(() => box.getAttribute("aria-checked")).toBe("true");
    await box.click();
    await undo.waitFor();
    mock.clock.advance({ days: 31 });
    await undo.click();
    await page.getByText("Nothing was undone: order 11111 has expired.").waitFor();
  });

  it("are listed address by address as well, each with its own switch and outlook", async () => {
    await send(mock.url, switchOn);
    dashboard = await openDashboard(browser, mock.url, { view: "orders" });
    const { page, complaints } = dashboard;
    await page.getByLabel("State").selectOption("notAllOn");
    await page.getByRole("button", { name: "IP addresses" }).click();
    // An address can't be on in part.
    expect(await page.getByLabel("State").inputValue()).toBe("");
    const row = (ip: string) => page.getByRole("row").filter({ hasText: ip });
    const [address] = mock.state({ apiKey: "a-key" }).accounts[0]?.orders[1]?.ipAddresses ?? [];
    const ip = address?.ip ?? "";
    await page.getByRole("searchbox").fill(address?.ipAddressId ?? "");
    await expect
      .poll(() => page.locator(".order .c-id").allTextContents())
      .toEqual([expect.stringContaining(ip)]);
    await expect.poll(() => row(ip).textContent()).toMatch(/22222.*off.*Expires.*30 d\(0\.80\)/);
    await page.getByLabel(`Auto-extend for address ${ip}`).click();
    await expect.poll(() => row(ip).textContent()).toMatch(/22222.*on.*(Renews|Unpaid)/);
    expect(addressesOf("22222").map(({ autoExtend }) => autoExtend)).toEqual([true, false]);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => row(ip).textContent()).toContain("off");
    await page.getByRole("searchbox").fill("");
    await page.getByRole("columnheader", { name: "Order", exact: true }).getByRole("button").click();
    await page.getByLabel("Proxy type").selectOption("IPv6");
    await expect.poll(() => page.locator(".foot").textContent()).toMatch(/^3 addresses, 0 on$/);
    // No request could switch one of them.
    expect(await page.locator(".order .switch").count()).toBe(0);
    await page.getByText("off, switched by order").first().waitFor();
    expect(complaints).toEqual([]);
  });

  it("cost what one renewal of those that are on costs, and say what the others would", async () => {
    await send(mock.url, { ...switchOn, orderIds: ["22222"] });
    dashboard = await openDashboard(browser, mock.url, { view: "orders" });
    const { page } = dashboard;
    const price = (orderId: string) =>
      page.getByRole("row").filter({ hasText: orderId }).locator(".c-price").textContent();
    const footIs = (text: string) => expect.poll(() => page.locator(".foot").textContent()).toBe(text);
    await footIs("6 orders with 8 addresses, 2 on; one renewal of what is on costs 1.60 USD");
    expect([await price("22222"), await price("55555")]).toEqual(["1.60 USD", "(1.60) USD if on"]);
    await page.getByRole("button", { name: "Addresses of order 22222" }).click();
    await page.locator(".address .switch").first().click();
    await footIs("6 orders with 8 addresses, 1 on; one renewal of what is on costs 0.80 USD");
    expect(await price("22222")).toBe("0.80 USD");
    await page.getByLabel("Auto-extend for address 192.0.2.22").click();
    await footIs("6 orders with 8 addresses, 0 on");
    expect(await price("22222")).toBe("(1.60) USD if on");
    mock.clock.advance({ days: 45 });
    await footIs("1 order with 2 addresses, 0 on; 5 expired orders are not listed");
  });

  it("are not those of the template while the account of a first request loads", async () => {
    dashboard = await openDashboard(browser, mock.url, { view: "orders" });
    const { page, complaints } = dashboard;
    await page.locator(".orders .order").first().waitFor();
    const release = await hold(page, "**/__mock/accounts*");
    await send(mock.url, switchOn);
    await page.getByText("Loading the orders").waitFor();
    expect(await page.locator(".switch").count()).toBe(0);
    // Those of a second account don't take its place.
    await fetch(`${mock.url}/client/api/v1/second-key/balance`);
    release();
    const box = page.getByLabel("Auto-extend for order 11111", { exact: true });
    await expect.poll(() => box.getAttribute("aria-checked")).toBe("true");
    const [first] = mock.requests();
    expect(await page.getByLabel("Account", { exact: true }).inputValue()).toBe(first?.account);
    expect(complaints).toEqual([]);
  });

  it("that are not there, or hidden by a filter, are said to be so", async () => {
    dashboard = await openDashboard(browser, mock.url, { view: "orders" });
    const { page } = dashboard;
    await page.getByRole("searchbox").fill("nowhere");
    await page.getByText("No order matches.").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.locator(".orders .order").first().waitFor();
    await send(mock.url, switchOn);
    mock.clock.advance({ days: 45 });
    // Until the account of the request is there, the field can go away while it is filled.
    await page.locator(".foot").getByText("expired orders are not listed").waitFor();
    await page.getByRole("searchbox").fill("44444");
    await page.getByText("No current order matches.").waitFor();
    await page.getByRole("button", { name: "list the expired ones" }).click();
    await expect.poll(() => page.locator(".orders .c-id").allTextContents()).toEqual(["44444"]);
    await page.getByLabel("State").selectOption("");
    await page.getByRole("button", { name: "Clear filters" }).click();
    const [account] = mock.state().accounts;
    mock.putState({ version: 1, accounts: [{ ...account, orders: [] }] } as World);
    await page.getByText("This account has no current orders.").waitFor();
  });

  it("of the template are switched only if that is meant, since it then becomes an account like others", async () => {
    dashboard = await openDashboard(browser, mock.url, { view: "orders" });
    const { page } = dashboard;
    await page.getByText("New API keys get a copy of this template").waitFor();
    const box = page.getByLabel("Auto-extend for order 11111", { exact: true });
    const question = page.getByRole("dialog", { name: "Switch in the template?" });
    await box.click();
    // Enter alone does nothing.
    await question.waitFor();
    await page.keyboard.press("Enter");
    await question.waitFor({ state: "detached" });
    expect(mock.requests()).toEqual([]);
    await box.click();
    await question.getByRole("button", { name: "Switch in the template" }).click();
    await expect.poll(() => box.getAttribute("aria-checked")).toBe("true");
    await page.getByText("New API keys get a copy of this template").waitFor({ state: "detached" });
    // The account of a key is found by the key.
    const { id = "" } = mock.state({ apiKey: "a-key" }).accounts[0] ?? {};
    await page.keyboard.press("5");
    await page.getByRole("searchbox").fill("a-key");
    const names = () => page.locator("[aria-label=World] tbody .link").allTextContents();
    await expect.poll(names).toEqual([id]);
    await page.getByRole("searchbox").fill("nobody");
    await page.getByText("No account has this ID or API key.").waitFor();
    expect(page.url()).toMatch(/#connect$/);
  });

  it("are one stop for the Tab key, and arrow keys move through them", async () => {
    await fetch(`${mock.url}/client/api/v1/a-key/balance`);
    dashboard = await openDashboard(browser, mock.url, { view: "orders" });
    const { page } = dashboard;
    await page.locator(".orders .order").first().waitFor();
    const focus = () => page.evaluate<string>("document.activeElement.ariaLabel ?? ''");
    const ids = await page.locator(".orders .c-id").allTextContents();
    await page.keyboard.press("ArrowDown");
    expect(await focus()).toMatch(/^Addresses of order /);
    await page.getByRole("button", { name: "Skip to content" }).focus();
    await page.keyboard.press("Enter");
    const stops: string[] = [];
    for (let stop = 0; stop < 7; stop += 1) {
      await page.keyboard.press("Tab");
      stops.push(await page.evaluate<string>("document.activeElement.closest('.tablewrap') ? 'table' : ''"));
    }
    expect(stops.filter((stop) => stop === "table")).toHaveLength(1);
    await page.getByRole("button", { name: `Addresses of order ${ids[0]}`, exact: true }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await focus()).toBe(`Auto-extend for order ${ids[0]}`);
    // Where the system chooses the colours, the shadow of the focus is gone.
    expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
    await page.keyboard.press("ArrowDown");
    expect(await focus()).toBe(`Auto-extend for order ${ids[1]}`);
    await page.keyboard.press("Space");
    await expect.poll(() => page.evaluate("document.activeElement.ariaChecked")).toBe("true");
    expect(await focus()).toBe(`Auto-extend for order ${ids[1]}`);
  });

  it("stay few in the document, and quick, when there are 100,000 addresses", async () => {
    const world = generateWorld({ orders: 20_000, addresses: 100_000, seed: 5 });
    mock.putState(world);
    dashboard = await openDashboard(browser, mock.url, { view: "orders" });
    const { page } = dashboard;
    const rows = page.locator(".orders .order, .orders .address");
    await expect.poll(() => rows.count()).toBeGreaterThan(10);
    const table = page.locator(".tablewrap");
    for (const top of [400_000, 0]) {
      await table.evaluate((node, scrollTop) => Object.assign(node, { scrollTop }), top);
      await expect.poll(() => page.locator(".orders .body").getByText("Loading").count()).toBe(0);
      expect(await rows.count()).toBeLessThanOrEqual(200);
    }
    const last = world.accounts[0]?.orders.at(-1)?.orderId ?? "";
    await page.getByRole("searchbox").fill(last);
    await expect.poll(() => page.locator(".orders .c-id").allTextContents()).toEqual([last]);
    await page.getByRole("searchbox").fill("");
    await page.getByLabel("Proxy type").selectOption("MOBILE");
    await expect
      .poll(async () => new Set(await page.locator(".orders .c-type").allTextContents()))
      .toEqual(new Set(["MOBILE"]));
    await page.getByRole("button", { name: "Price (if on)" }).click();
    await page.getByRole("button", { name: "Price (if on)" }).click();
    const prices = async () =>
      (await page.locator(".orders .c-price").allTextContents()).map((text) =>
        Number.parseFloat(text.replace(/[(,]/g, "")),
      );
    await expect.poll(async () => (await prices())[0]).toBeGreaterThan(100);
    const shown = await prices();
    expect(shown).toEqual(shown.toSorted((a, b) => b - a));
    // The addresses alone, on all pages of their list.
    await page.getByRole("button", { name: "IP addresses" }).click();
    await expect.poll(() => page.locator(".foot").textContent()).toMatch(/^[\d,]+ addresses/);
    for (const top of [400_000, 0]) {
      await table.evaluate((node, scrollTop) => Object.assign(node, { scrollTop }), top);
      await expect.poll(() => page.locator(".orders .body").getByText("Loading").count()).toBe(0);
      expect(await rows.count()).toBeLessThanOrEqual(200);
    }
  });
});

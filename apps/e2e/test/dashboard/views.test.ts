import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@auto-extend/client";
import { defaultWorld, generateWorld, type MockServer, startMockServer } from "@auto-extend/mock-server";
import { execa } from "execa";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { closePages, describeInChromium, launchChromium } from "../chromium.js";
import { describeWith } from "../debian-package.js";
import {
  axeProblems,
  type Dashboard,
  generatedWorld,
  hold,
  linkTo,
  newContext,
  openDashboard,
  send,
  switchOn,
} from "./page.js";

const cliProgram = fileURLToPath(new URL("../../../../packages/cli/bin/auto-extend.js", import.meta.url));
const goRun =
  'cd "$(mktemp -d)" && printf %s "$1" > main.go && go run main.go; code=$?; rm -r "$PWD"; exit $code';

/** The parts of a page whose content sticks out of them. */
const tooWide =
  "[...document.querySelectorAll('main, .card, .figures > div, .events, .orders .cells')].filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ className, textContent }) => className + ': ' + textContent.slice(0, 60))";

const views = ["requests", "orders", "money", "faults", "connect"];

describeInChromium("the dashboard's views in Chromium", () => {
  let browser: Browser;
  let mock: MockServer;
  let dashboard: Dashboard | undefined;

  beforeAll(async () => {
    [browser, mock] = await Promise.all([launchChromium(), startMockServer({ world: generatedWorld })]);
  });
  afterAll(() => Promise.all([closePages(browser), mock?.close()]));
  beforeEach(() => mock.reset());
  afterEach(async () => {
    await dashboard?.close();
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
    const [, expire] = /([\d,]+) addresses expire/.exec((await step.textContent()) ?? "") ?? [];
    await step.click();
    await page.locator(".toast").getByText(`${expire} addresses expired`).waitFor();
    await expect
      .poll(() => balance.textContent())
      .toBe(`${(1_300 - cost).toLocaleString("en-GB", { minimumFractionDigits: 2 })} USD`);
    await page.locator(".chart canvas").waitFor();
    await page.locator("tr.past").first().waitFor();
    const openDay = async (rows: string) => {
      await page.locator(rows).first().getByRole("button").click();
      return page.locator(".events tbody tr").first().textContent();
    };
    expect(await openDay("tr.main:not(.past)")).toMatch(/renews|expires/);
    expect(await openDay("tr.past")).toMatch(/renewed|expired/);
    await page.locator("tr.past").first().getByRole("button").focus();
    await page.keyboard.press("Enter");
    await page.locator(".events").waitFor({ state: "detached" });
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.locator("tr.main").nth(1).getByRole("button").getAttribute("aria-expanded"))
      .toBe("true");
    expect(complaints).toEqual([]);
  });

  it("say which renewal can't be paid, also after the days that are shown", async () => {
    const forecast = async (days: number) => {
      const response = await fetch(`${mock.url}/__mock/forecast?days=${days}`);
      return (await response.json()) as {
        cost: number;
        renewals: number;
        days: { renewed: number; paid: number; expiredUnpaid: number }[];
        firstUnpaid: { at: string; orderId: string; balance: number; missing: number };
      };
    };
    const { cost } = await forecast(40);
    mock.putState(generateWorld({ orders: 200, seed: 7, balance: cost + 0.01 }));
    mock.clock.freeze();
    await fetch(`${mock.url}/client/api/v1/a-key/balance`);
    const { firstUnpaid } = await forecast(366);
    expect(firstUnpaid.balance).toBeGreaterThan(0);
    dashboard = await openDashboard(browser, mock.url, { view: "money" });
    const { page } = dashboard;
    const figures = page.locator(".figures");
    await figures.getByText("nothing to top up").waitFor();
    const missing = firstUnpaid.missing.toLocaleString("en-GB", { minimumFractionDigits: 2 });
    const shortage = figures.getByText(`${missing} USD missing`);
    expect(await shortage.textContent()).toContain(`order ${firstUnpaid.orderId} costs`);
    // Figures of other days do not pass for these.
    const release = await hold(page, "**/__mock/forecast?*");
    await page.getByRole("button", { name: "60 days" }).click();
    await page.locator(".page[aria-busy=true]").waitFor();
    release();
    await page.locator(".page[aria-busy=false]").waitFor();
    await figures.getByText("would expire unpaid").waitFor();
    expect(await page.locator(".figures .bad time").first().getAttribute("datetime")).toBe(firstUnpaid.at);
    const { days, renewals } = await forecast(60);
    await figures.getByText(`${renewals} renewals if every renewal is paid`).waitFor();
    const sum = (of: "renewed" | "paid" | "expiredUnpaid") => days.reduce((all, day) => all + day[of], 0);
    const paid = sum("paid").toLocaleString("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    await figures.getByText(`; the balance pays ${paid}`).waitFor();
    const total = await page.locator("tfoot td").allInnerTexts();
    expect(total.slice(0, 2)).toEqual([String(sum("renewed")), paid]);
    expect(total[5]).toBe(String(sum("expiredUnpaid")));
  });

  it("have a chart whose labels do not overlap, and whose tooltip names the day under the pointer", async () => {
    mock.putState(generateWorld({ orders: 20, seed: 7, balance: 0 }));
    const start = Date.parse(mock.clock.freeze().now);
    await fetch(`${mock.url}/client/api/v1/a-key/balance`);
    dashboard = await openDashboard(browser, mock.url, { view: "connect" });
    const { page } = dashboard;
    await page.evaluate(`{
      const { prototype } = CanvasRenderingContext2D;
      const { fillText } = prototype;
      globalThis.drawn = {};
      prototype.fillText = function (text, x, y) {
        const { width } = this.measureText(text);
        drawn[text] = { y, left: this.textAlign === "right" ? x - width : x, width };
        fillText.call(this, text, x, y);
      };
    }`);
    await page.goto(`${mock.url}/#money`);
    await page.getByRole("button", { name: /^\+30 days.*money runs short$/ }).waitFor();
    const hour = 3_600_000;
    const noon = Math.ceil(start / (24 * hour)) * 24 * hour + 12 * 24 * hour + 12 * hour;
    await page.locator(".chart .u-over").hover({
      position: {
        x: Math.round(
          ((noon - start) / (30 * 24 * hour)) *
            (await page.locator(".chart .u-over").evaluate((node) => node.clientWidth)),
        ),
        y: 50,
      },
    });
    const date = new Date(noon);
    const month = date.toLocaleString("en-US", { month: "short", timeZone: "UTC" });
    expect(await page.locator(".tip").textContent()).toMatch(
      new RegExp(`^${date.getUTCDate()} ${month}( \\d{4})?: `),
    );
    // In a year, the shortage is so near that its label begins where "now" stands.
    await page.getByRole("button", { name: "1 year" }).click();
    type Drawn = Record<string, { readonly y: number; readonly left: number; readonly width: number }>;
    const labels = async () => Object.entries(await page.evaluate<Drawn>("drawn"));
    const label = async (start: string) => (await labels()).findLast(([text]) => text.startsWith(start))?.[1];
    await expect.poll(async () => (await label("Money"))?.left).toBeLessThan(200);
    const [now, short] = [await label("now"), await label("Money")];
    expect(short?.left).toBeLessThan((now?.left ?? 0) + (now?.width ?? 0));
    expect(Math.abs((short?.y ?? 0) - (now?.y ?? 0))).toBeGreaterThanOrEqual(14);
  });

  it("mark renewals in the chart that were due and not paid", async () => {
    await send(mock.url, switchOn);
    mock.putState({
      ...generateWorld({ orders: 3, seed: 7, onShare: 1, balance: 0 }),
      startsAt: "2030-01-01T00:00:00Z",
    });
    mock.clock.freeze();
    await fetch(`${mock.url}/client/api/v1/poor-key/balance`);
    mock.clock.advance({ days: 29 });
    dashboard = await openDashboard(browser, mock.url, { view: "money" });
    const { page } = dashboard;
    await page.locator(".legend").getByText("renewals that were not paid").waitFor();
    const past = page
      .locator("tr.past")
      .filter({ has: page.locator("td:nth-child(4)", { hasText: /[1-9]/ }) });
    const date = /^\d+ \w+/.exec((await past.first().locator("time").textContent()) ?? "")?.[0];
    const texts: (string | null)[] = [];
    const box = await page.locator(".chart .u-over").boundingBox();
    if (!box) throw new Error("The chart cannot be seen.");
    for (let x = 2; x < box.width / 2; x += 5) {
      await page.mouse.move(box.x + x, box.y + 50);
      texts.push(await page.locator(".tip").textContent());
    }
    expect(texts).toContainEqual(
      expect.stringMatching(new RegExp(`^${date}: 0\\.00 USD; \\d+ renewals? (was|were) not paid$`)),
    );
  });

  it("ask before the clock goes far ahead, and say what happens on the way", async () => {
    mock.clock.freeze();
    await fetch(`${mock.url}/client/api/v1/a-key/balance`);
    const before = mock.clock.state().now;
    const to = new Date(Date.parse(before) + 90 * 86_400_000).toISOString().slice(0, 10);
    dashboard = await openDashboard(browser, mock.url, { view: "money" });
    const { page } = dashboard;
    const go = async (answer: string) => {
      await page.getByLabel("Go to a date").fill(to);
      await page.getByRole("button", { name: "Go", exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("heading", { name: "00:00 UTC?" }).waitFor();
      await dialog.getByText(/renewals can\u2019t be paid, the first on /).waitFor();
      await dialog.getByText(/addresses expire unpaid/).waitFor();
      await dialog.getByRole("button", { name: answer, exact: true }).click();
      await dialog.waitFor({ state: "detached" });
    };
    await go("Cancel");
    expect(mock.clock.state().now).toEqual(before);
    await go("Go");
    await expect.poll(() => mock.clock.state().now).toBe(`${to}T00:00:00.000Z`);
    await page.keyboard.press("5");
    await page.getByRole("button", { name: "Reset" }).click();
    await page.getByRole("dialog").getByText("the world that the mock was started with").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Reset", exact: true }).click();
    await page.getByText("The mock was reset.").waitFor();
    expect(mock.clock.state().now < to).toBe(true);
    // What is said about one view goes with it.
    await page.keyboard.press("4");
    await page.getByText("The mock was reset.").waitFor({ state: "detached" });
  });

  it("foresee nothing for the template, to which nothing happens, and lead to an account", async () => {
    mock.clock.freeze();
    const before = Date.parse(mock.clock.state().now);
    const to = new Date(before + 90 * 86_400_000).toISOString().slice(0, 10);
    dashboard = await openDashboard(browser, mock.url, { view: "money" });
    const { page, complaints } = dashboard;
    await page.getByRole("heading", { name: "No time passes for the template" }).waitFor();
    expect(await page.getByText(/expire|USD/).allTextContents()).toEqual([
      expect.stringContaining("the orders of that copy renew"),
    ]);
    // Nothing happens on the way, so nothing is asked.
    await page.getByLabel("Go to a date").fill(to);
    await page.getByRole("button", { name: "Go", exact: true }).click();
    await expect.poll(() => mock.clock.state().now).toBe(`${to}T00:00:00.000Z`);
    await page.getByRole("button", { name: "+30 days" }).click();
    await page
      .locator(".toast")
      .getByText(/: nothing was due\.$/)
      .waitFor();
    await page.getByRole("button", { name: "Send a request" }).click();
    await expect.poll(() => page.locator(".figures dd").first().textContent()).toBe("1,300.00 USD");
    const account = mock.requests()[0]?.account ?? "";
    expect(await page.getByLabel("Account", { exact: true }).inputValue()).toBe(account);
    await page.getByRole("button", { name: /^\+30 days.*expire/ }).waitFor();
    // The choice outlives a look at another page.
    await page.reload();
    await expect.poll(() => page.getByLabel("Account", { exact: true }).inputValue()).toBe(account);
    expect(complaints).toEqual([]);
  });

  it("queue a fault, which the next call meets and the list explains", async () => {
    dashboard = await openDashboard(browser, mock.url, { view: "faults" });
    const { page } = dashboard;
    await page.locator(".preset").getByText("gateway-502", { exact: true }).click();
    await page.getByLabel("applied").check();
    await page.getByLabel("How often").fill("3");
    await page.getByRole("button", { name: "Queue gateway-502" }).click();
    await page
      .locator(".queue")
      .getByText("applied true · any request · 3 left · injected 0 times")
      .waitFor();
    const client = createClient({ apiKey: "a-key", baseUrl: mock.url, retry: { attempts: 1 } });
    await expect(client.setAutoExtend({ ...switchOn, orderIds: ["11111"] })).rejects.toThrow("502");
    await page.locator(".queue").getByText("2 left · injected once").waitFor();
    await page.getByRole("button", { name: "Remove all" }).click();
    await page.getByText("No faults queued").waitFor();
    // An empty number means the default.
    await page.locator(".preset").getByText("error", { exact: true }).click();
    await page.getByLabel("code", { exact: true }).fill("");
    await page.getByText("prefer: fault=error", { exact: true }).waitFor();
    // The queue is empty: the requests have what has struck.
    await send(mock.url, switchOn);
    await page.getByRole("button", { name: "Requests that met a fault" }).click();
    await page.locator(".detail").getByText("queued before").waitFor();
    expect(await dashboard.rows()).toHaveLength(1);
    expect(mock.faults.list()).toEqual([]);
  });

  it("show a header for any text, and say which programs can send it", async () => {
    dashboard = await openDashboard(browser, mock.url, { view: "faults" });
    const { page } = dashboard;
    await page.locator(".preset").getByText("error", { exact: true }).click();
    const header = page.locator(".line code", { hasText: /^prefer: / });
    for (const [message, label] of [
      ["\u00e9puis\u00e9", "One request, by header"],
      [
        "\u00e9puis\u00e9 \u20ac",
        "One request, by header, with curl: fetch can\u2019t send these characters",
      ],
    ] as const) {
      await page.getByLabel("message").fill(message);
      await page.getByText(label, { exact: true }).waitFor();
      const { stdout } = await execa("curl", [
        ...["-s", `${mock.url}/client/api/v1/a-key/balance`],
        ...["-H", (await header.textContent()) ?? ""],
      ]);
      expect(JSON.parse(stdout).error.message).toBe(message);
    }
    const curl = page.locator(".line code", { hasText: /^curl -s '.*__mock/ });
    await execa("bash", ["-c", (await curl.textContent()) ?? ""]);
    expect(mock.faults.list()[0]?.options).toEqual({ message: "\u00e9puis\u00e9 \u20ac" });
  });

  it("keep the values of a link that the mock does not know, and show them", async () => {
    await send(mock.url, switchOn);
    dashboard = await openDashboard(browser, mock.url, {
      view: "requests?outcome=bogus&operation=nope&fault=odd",
    });
    const { page } = dashboard;
    await page.getByRole("button", { name: "bogus", pressed: true }).waitFor();
    expect(await page.getByLabel("Operation").inputValue()).toBe("nope");
    expect(await page.getByLabel("Fault").inputValue()).toBe("odd");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expect.poll(dashboard.rows).toHaveLength(1);
    await page.goto(`${mock.url}/#orders?account=nope`);
    await page.getByText("The mock has no account nope. This is another one.").waitFor();
  });

  it("queue a limit until it is removed, since it has to see several requests", async () => {
    dashboard = await openDashboard(browser, mock.url, { view: "faults" });
    const { page } = dashboard;
    await page.getByText("limit", { exact: true }).hover();
    await page.getByRole("button", { name: "Queue: limit", exact: true }).click();
    await expect.poll(() => mock.faults.list().length).toBe(1);
    const statuses = await Promise.all([1, 2, 3].map(async () => (await send(mock.url, switchOn)).status));
    expect(statuses).toContain(429);
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

  it("show lines to try whose order has not expired, whatever time it is", async () => {
    mock.putState(defaultWorld);
    await fetch(`${mock.url}/client/api/v1/any-key/balance`);
    mock.clock.advance({ days: 31 });
    dashboard = await openDashboard(browser, mock.url, { view: "connect" });
    const { page } = dashboard;
    const lines = page.locator(".line code").filter({ hasText: '"orderIds":["22222"]' });
    const shown = (await lines.textContent()) ?? "";
    const [, url = ""] = /^curl -s '(\S+)'/.exec(shown) ?? [];
    const [, body = ""] = /-d '(.*)'$/.exec(shown) ?? [];
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(await answer.json()).toMatchObject({ success: true });
    mock.putState({ ...mock.state(), startsAt: "2100-01-01T00:00:00Z" });
    await page.getByText("has no running order, so this is refused").waitFor();
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
      await writeFile(file, '{\n  "version": 1,\n  "accounts": }');
      await page.getByLabel("World file").setInputFiles(file);
      await page.locator(".issues").getByText("a value is missing (line 3").waitFor();
      expect(await page.locator(".code .hot").textContent()).toContain('"accounts": }');
      await writeFile(file, "");
      await page.getByLabel("World file").setInputFiles(file);
      await page.locator(".issues").getByText("line 1").waitFor();
      const misspelt = { ...world, accounts: [{ ...world.accounts[0], balance: 5, balanse: 5 }] };
      await writeFile(file, JSON.stringify(misspelt, null, 2));
      await page.getByLabel("World file").setInputFiles(file);
      await page.locator(".issues").getByText("line 10").waitFor();
      expect(await page.locator(".code .hot").textContent()).toContain('"balanse": 5');
      // Only a file that can be used costs a question, which says what is in it.
      const usable = JSON.stringify({ ...defaultWorld, startsAt: "2030-01-02T03:04:05Z" });
      // A file can be dropped anywhere.
      await page.evaluate(`{
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([${JSON.stringify(usable)}], "broken-world.json"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      }`);
      const question = page.getByRole("dialog");
      await question.getByText("broken-world.json: 1 account, 6 orders, 8 addresses.").waitFor();
      await question.getByText("The clock goes to 2 Jan 2030, 03:04:05 UTC.").waitFor();
      expect(mock.state().accounts[0]?.orders).toHaveLength(200);
      await question.getByRole("button", { name: "Replace", exact: true }).click();
      await page.getByText("broken-world.json is loaded.").waitFor();
      expect(await page.locator(".issues").count()).toBe(0);
      expect(mock.clock.state().now).toMatch(/^2030-01-02T03:04/);
      await page.getByLabel("Orders", { exact: true }).fill("12");
      await page.getByRole("button", { name: "Generate and replace" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Replace", exact: true }).click();
      await expect.poll(() => mock.state().accounts[0]?.orders.length).toBe(12);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("show the account of the newest request, and stay with it", async () => {
    await send(mock.url, switchOn);
    const ofKey = (key: string) =>
      fetch(`${mock.url}/client/api/v1/${key}/balance`).then(() => mock.requests().at(-1)?.account ?? "");
    const newest = await ofKey("newest-key");
    dashboard = await openDashboard(browser, mock.url, { view: "money" });
    const { page } = dashboard;
    const shown = page.getByLabel("Account", { exact: true });
    await expect.poll(() => shown.inputValue()).toBe(newest);
    const later = await ofKey("later-key");
    await expect.poll(() => shown.locator("option").allTextContents()).toContain(later);
    expect(await shown.inputValue()).toBe(newest);
  });

  it("show an account that the list has no room for, if one of its requests leads to it", async () => {
    await send(mock.url, switchOn);
    const context = await newContext(browser);
    await context.route("**/__mock/accounts", async (route) => {
      const response = await route.fetch();
      const { accounts } = (await response.json()) as { accounts: { isTemplate: boolean }[] };
      const listed = accounts.filter(({ isTemplate }) => isTemplate);
      await route.fulfill({ response, json: { accounts: listed, next: "default" } });
    });
    dashboard = await openDashboard(browser, mock.url, { view: "connect", context });
    const { page } = dashboard;
    await page.getByText("More accounts are not listed").waitFor();
    const account = mock.requests()[0]?.account ?? "";
    await page.goto(linkTo(mock, 0));
    await page.locator(".detail").getByRole("button", { name: account }).click();
    await page.locator(".orders .order").first().waitFor();
    expect(await page.getByLabel("Account", { exact: true }).inputValue()).toBe(account);
    await context.close();
  });

  const pasted = [
    ["curl", "curl", (lines) => ["sh", ["-c", lines]]],
    // The packed program, since the registry need not be asked.
    ["curl", "CLI", (lines) => ["sh", ["-c", `npx() { shift; node '${cliProgram}' "$@"; }\n${lines}`]]],
    ["curl", "Client", (lines) => ["node", ["--input-type=module", "--eval", lines]]],
    ["php-cli", "PHP", (lines) => ["php", ["-r", lines.replace("<?php", "")]]],
    ["python3", "Python", (lines) => ["python3", ["-c", lines]]],
    ["golang-go", "Go", (lines) => ["sh", ["-c", goRun, "sh", lines]]],
  ] as const satisfies readonly (readonly [string, string, (lines: string) => [string, string[]]])[];
  const hostileId = "-a'b\"c`d\\e$(false)%s{}é";
  const lines = new Map<string, string>();

  /** The lines of a language, all of which are read from one page. */
  async function linesIn(language: string): Promise<string> {
    if (lines.size === 0) {
      dashboard = await openDashboard(browser, mock.url, { view: "connect" });
      const { page } = dashboard;
      const shown = page.locator(".line code").nth(1);
      await expect.poll(() => shown.textContent()).toContain("$(false)");
      for (const [, each] of pasted) {
        const choice = page.getByRole("button", { name: each, exact: true });
        await choice.click();
        await expect.poll(() => choice.getAttribute("aria-pressed")).toBe("true");
        lines.set(each, (await shown.textContent()) ?? "");
      }
      expect(new Set(lines.values()).size).toBe(pasted.length);
    }
    return lines.get(language) ?? "";
  }

  for (const [name, language, commandOf] of pasted) {
    describeWith(name, `the lines in ${language}`, () => {
      it("can be pasted, and switch even an order whose ID is full of quotes", async () => {
        const [account] = generatedWorld.accounts;
        const order = account?.orders.find(({ proxyType }) => proxyType === "IPv4");
        if (!account || !order) throw new Error("The generated world has no IPv4 order.");
        const orders = [{ ...order, orderId: hostileId }];
        mock.putState({ version: 1, accounts: [{ ...account, orders }] });
        const [command, args] = commandOf(await linesIn(language));
        await execa(command, args);
        const switched = mock.requests().filter(({ operation }) => operation === "setAutoExtend");
        expect(switched).toMatchObject([{ sent: { orderIds: [hostileId] }, decided: { outcome: "done" } }]);
      });
    });
  }

  it("have a strict policy, and nothing inline", async () => {
    const response = await fetch(mock.url);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(await response.text()).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bon\w+=|https?:/);
  });

  it("fit, and suit assistive technology, in light and in dark", async () => {
    const [template] = generatedWorld.accounts;
    const long = { ...template, id: "an-account-whose-name-is-longer-than-any-window", balance: 1_000_000 };
    mock.putState({
      ...generatedWorld,
      accounts: [...generatedWorld.accounts, long],
    } as typeof generatedWorld);
    await send(mock.url, { ...switchOn, rentPeriodDays: 7 });
    await send(mock.url, switchOn, { prefer: "fault=gateway-502" });
    mock.faults.add({ preset: "slow", match: { orderId: "nowhere" } });
    dashboard = await openDashboard(browser, mock.url);
    const { page, complaints } = dashboard;
    for (const view of views) {
      await page.goto(`${mock.url}/#${view}`);
      await page.locator(".row, .orders .order, .chart canvas, .preset, td").first().waitFor();
      if (view === "orders") await page.locator(".orders .expand").first().click();
      if (view === "money") await page.locator("tr.main .expand").first().click();
      for (const width of [360, 390, 900, 1_280]) {
        await page.setViewportSize({ width, height: 800 });
        await expect.poll(() => page.evaluate("document.documentElement.scrollWidth")).toBe(width);
        await expect.poll(() => page.evaluate(tooWide), { message: `${view}, ${width}` }).toEqual([]);
        // These have the layout of one of the others.
        if (![1_280, 360].includes(width)) continue;
        expect(await axeProblems(page), `${view}, ${width}`).toEqual([]);
      }
      // In the dark, nothing but colours is another, and they are those of all widths.
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await axeProblems(page, ["color-contrast"]), `${view}, dark`).toEqual([]);
      await page.emulateMedia({ colorScheme: "light" });
    }
    expect(complaints).toEqual([]);
  });
});

import { type LogEntry, type MockServer, startMockServer } from "@auto-extend/mock-server";
import { execa } from "execa";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { closePages, describeInChromium, launchChromium } from "../chromium.js";
import { type Dashboard, hold, linkTo, newContext, openDashboard, send, sendMany, switchOn } from "./page.js";

describeInChromium("the dashboard's requests in Chromium", () => {
  let browser: Browser;
  let mock: MockServer;
  let dashboard: Dashboard;

  beforeAll(async () => {
    [browser, mock] = await Promise.all([launchChromium(), startMockServer({ logLimit: 10_000 })]);
  });
  afterAll(() => Promise.all([closePages(browser), mock?.close()]));
  beforeEach(() => mock.reset());
  afterEach(async () => {
    await dashboard?.close();
  });

  it("say why a request was refused without a click", async () => {
    await send(mock.url, { ...switchOn, rentPeriodDays: 7 });
    dashboard = await openDashboard(browser, mock.url);
    const { page, complaints } = dashboard;
    const detail = page.locator(".detail");
    await detail.getByRole("heading", { name: "Refused: error 11" }).waitFor();
    await detail.locator(".rules .broken").getByText("The rental period is sold").waitFor();
    expect(await detail.locator(".code .hot").allTextContents()).toEqual([
      expect.stringMatching(/"rentPeriodDays": 7, \u2190 should be 30$/),
      expect.stringContaining('"error"'),
    ]);
    await send(mock.url, { ...switchOn, autoExtend: undefined });
    await expect
      .poll(() => detail.locator(".code .hot").first().textContent())
      .toContain('"autoExtend": missing \u2190 should be true or false');
    // An item of a list is marked where it stands, and nothing is missing.
    await send(mock.url, { ...switchOn, orderIds: ["33333"] });
    await expect.poll(() => detail.locator(".code .hot").first().textContent()).toContain('"33333"');
    expect(await detail.locator(".code").first().textContent()).not.toContain("missing");
    await detail.locator(".verdict").getByText('order "33333" has type IPv6, not IPv4').waitFor();
    expect(await detail.locator(".code .hot").first().textContent()).toContain(
      'should be a running order of type IPv4, such as "11111"; or the proxy type should be IPv6',
    );
    await detail.locator(".rules .broken").getByText("another proxy type, or one that has ended").waitFor();
    await send(mock.url, {});
    await expect
      .poll(() => detail.locator(".code .hot").first().textContent())
      .toContain('"proxyType": missing');
    // What is wrong outside the body is marked, too.
    await fetch(`${mock.url}/client/api/v1/unknown-api-key/extend/order/auto`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(switchOn),
    });
    await expect
      .poll(() => detail.locator(".code .hot").first().textContent())
      .toContain("POST /client/api/v1/{apiKey}/extend/order/auto \u2190 should be the API key of an account");
    await send(mock.url, switchOn, { "content-type": "text/plain" });
    await expect
      .poll(() => detail.locator(".code .hot").first().textContent())
      .toBe("content-type: text/plain \u2190 should be application/json");
    const marked = () => detail.locator(".code .hot").first().textContent();
    const path = `${mock.url}/client/api/v1/a-key/extend/order/auto`;
    await fetch(path);
    await expect.poll(marked).toMatch(/^GET .*\/auto \u2190 should be POST$/);
    // It failed before its account was looked for, but is found under it.
    await detail
      .locator(".verdict")
      .getByRole("button", { name: mock.requests()[0]?.account ?? "" })
      .waitFor();
    await fetch(`${path}x`, { method: "POST" });
    await expect
      .poll(marked)
      .toMatch(/autox \u2190 should be POST \/client\/api\/v1\/\{apiKey\}\/extend\/order\/auto$/);
    expect(await page.locator(".row .why").first().textContent()).toBe(
      'the nearest path is "POST \u2026/extend/order/auto"',
    );
    await fetch(`${mock.url}/favicon.png`);
    await expect.poll(marked).toMatch(/^GET \/favicon[.]png \u2190 should be one of POST \/client/);
    await send(mock.url, '{"proxyType": "IPv4",\n "orderIds": ["1",]}');
    await expect.poll(marked).toBe(' "orderIds": ["1",]} \u2190 a value is missing (line 2, column 19)');
    mock.clock.advance({ days: 400 });
    await send(mock.url, switchOn);
    await detail.locator(".verdict").getByText('order "11111" expired at').waitFor();
    expect(complaints).toEqual([]);
  });

  it("say whether a request with a fault was carried out", async () => {
    await send(mock.url, switchOn, { prefer: "fault=insufficient-funds" });
    dashboard = await openDashboard(browser, mock.url);
    const fault = dashboard.page.locator(".detail .fault");
    await fault.getByText("The request was not carried out.").waitFor();
    await send(mock.url, switchOn, { prefer: "fault=slow; ms=1" });
    await dashboard.page.goto(linkTo(mock));
    await fault.getByText("The request was carried out.").waitFor();
    const marked = dashboard.page.locator(".detail .code").last().locator(".hot");
    await send(mock.url, switchOn, { prefer: "fault=drift-orderids" });
    await dashboard.page.goto(linkTo(mock));
    const removed = '"ipAddressIds": missing \u2190 without the fault: ["1111111111111111111"]';
    await expect
      .poll(() => marked.allTextContents())
      .toEqual([
        expect.stringContaining('"orderIds": ["11111"] \u2190 added by'),
        expect.stringContaining(removed),
      ]);
    await send(mock.url, switchOn, { prefer: "fault=wrong-type" });
    await dashboard.page.goto(linkTo(mock));
    await expect
      .poll(() => marked.allTextContents())
      .toEqual(["content-type: text/plain; charset=utf-8 \u2190 set by the fault"]);
    await send(mock.url, switchOn, { prefer: "fault=empty" });
    await dashboard.page.goto(linkTo(mock));
    await expect
      .poll(() => marked.allTextContents())
      .toEqual([expect.stringMatching(/^no body \u2190 without the fault: \{"success":true/)]);
  });

  it("to another server are not tried from here, and what they changed there is not known", async () => {
    const forwarding = await startMockServer({ upstream: mock.url });
    try {
      dashboard = await openDashboard(browser, forwarding.url);
      const { page } = dashboard;
      await page.getByText("The mock forwards requests to another server.").waitFor();
      expect(await page.getByRole("button", { name: "Send a request" }).count()).toBe(0);
      await send(forwarding.url, switchOn);
      await page.locator(".detail").getByRole("heading", { name: "Forwarded: HTTP 200" }).waitFor();
      await page.locator(".rules-section").getByText("Another server decided.").waitFor();
      expect(await page.getByText("State changes").count()).toBe(0);
      await send(forwarding.url, { ...switchOn, rentPeriodDays: "30" });
      await page.locator(".code .hot").getByText('"30", \u2190 must be a number').waitFor();
    } finally {
      await forwarding.close();
    }
  });

  it("arrive while the page is open, and leave the chosen one where it is", async () => {
    dashboard = await openDashboard(browser, mock.url);
    const { page, rows } = dashboard;
    await page.getByRole("heading", { name: "No requests yet" }).waitFor();
    await page.getByRole("button", { name: "Send a request" }).click();
    await expect.poll(rows).toEqual(["setAutoExtend IPv4 \u00b7 on \u00b7 30 d \u00b7 11111"]);
    await page.locator(".row").click();
    await send(mock.url, { ...switchOn, orderIds: ["nowhere"] });
    await expect.poll(rows).toHaveLength(2);
    expect((await rows())[0]).toContain("nowhere");
    const [first, second] = mock.requests().map(({ id }) => id);
    expect(await page.locator(".row[aria-current]").getAttribute("data-key")).toMatch(`/${first}`);
    expect(page.url()).toContain(`#${first}-`);
    await page.goto(linkTo(mock));
    await page.locator(".detail").getByText(`${second}`).waitFor();
    await page.goto("about:blank");
    await page.goto(`${mock.url}/#request-99999`);
    await page.getByText("does not have request-99999").waitFor();
    await page.locator(".row").last().click();
    await page.getByText("does not have request-99999").waitFor({ state: "detached" });
  });

  it("have links that lead to no other request after a reset", async () => {
    await send(mock.url, switchOn);
    dashboard = await openDashboard(browser, mock.url);
    const { page } = dashboard;
    await page.locator(".row").click();
    const link = page.url();
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText(`Copied: ${link}`).waitFor();
    mock.reset();
    await page.getByText("The mock was reset.").waitFor();
    const openLink = async () => {
      await page.goto("about:blank");
      await page.goto(link);
    };
    await openLink();
    const lost = page.getByText(/does not have request-\d+, or no longer has it/);
    await lost.waitFor();
    await send(mock.url, { ...switchOn, orderIds: ["nowhere"] });
    await openLink();
    await lost.waitFor();
    await page.locator(".row").click();
    await lost.waitFor({ state: "detached" });
    expect(page.url()).not.toBe(link);
  });

  it("have times by the clock of the mock's machine, whatever that of the browser says", async () => {
    const context = await newContext(browser);
    dashboard = await openDashboard(browser, mock.url, { context });
    const { page } = dashboard;
    await page.getByRole("heading", { name: "No requests yet" }).waitFor();
    await page.clock.setSystemTime(Date.now() - 3_600_000);
    await send(mock.url, switchOn);
    await expect.poll(() => page.locator(".row time").textContent()).toMatch(/^(now|\d+ s ago)$/);
    await context.close();
  });

  it("pause, count what comes, and show it afterwards", async () => {
    await send(mock.url, switchOn);
    dashboard = await openDashboard(browser, mock.url);
    const { page, rows } = dashboard;
    await expect.poll(rows).toHaveLength(1);
    await page.keyboard.press("p");
    await send(mock.url, switchOn);
    await send(mock.url, switchOn);
    const show = page.getByRole("button", { name: "Resume: 2 new requests" });
    await show.waitFor();
    expect(await rows()).toHaveLength(1);
    await page.getByRole("searchbox").fill("nowhere");
    await page.getByRole("button", { name: "Resume: 2 new requests, of which 0 match" }).waitFor();
    await page.getByRole("searchbox").fill("");
    await show.click();
    await expect.poll(rows).toHaveLength(3);
  });

  it("are filtered by text, outcome and fault, and cleared in the mock too", async () => {
    await send(mock.url, switchOn);
    await send(mock.url, { ...switchOn, orderIds: ["nowhere"] });
    await send(mock.url, switchOn, { prefer: "fault=gateway-502" });
    dashboard = await openDashboard(browser, mock.url);
    const { page, rows } = dashboard;
    await expect.poll(rows).toHaveLength(3);
    await page.locator(".row").first().click();
    await page.keyboard.press("/");
    // As the page shows it, and in any order.
    await page.keyboard.type('"NOWHERE" "rentPeriodDays": 30');
    await expect.poll(rows).toHaveLength(1);
    // Another request must not pass for what was found.
    await page.getByRole("heading", { name: "Refused: error 29" }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".row:focus .what").textContent()).toContain("nowhere");
    // The counts are those of what is found.
    await expect
      .poll(() => page.getByLabel("Outcome").getByRole("button").allTextContents())
      .toEqual(["All 1", "Done 0", "Refused 1", "Problem 0", "Fault 0"]);
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: "Refused 1" }).click();
    await page.getByText("A rule was not satisfied").waitFor();
    await expect.poll(rows).toHaveLength(1);
    await page.getByRole("button", { name: "All 3" }).click();
    await page.getByLabel("Fault").selectOption("gateway-502");
    await expect.poll(rows).toHaveLength(1);
    await page.getByText("requested by the prefer header").waitFor();
    await page.getByText("they did not decide: the fault kept the request out").waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Clear the log" }).click();
    await page.getByText("No requests yet").first().waitFor();
    expect(mock.requests()).toEqual([]);
  });

  it("are found by their API key and by all that their rows say, and stay so when the page is loaded again", async () => {
    await send(mock.url, switchOn);
    await fetch(`${mock.url}/client/api/v1/another-key/extend/order/auto`);
    await fetch(`${mock.url}/client/api/v1/another-key/balance`);
    const account = mock.requests()[2]?.account ?? "";
    dashboard = await openDashboard(browser, mock.url);
    const { page, rows } = dashboard;
    const search = page.getByRole("searchbox");
    await search.fill("wrong method");
    await expect.poll(rows).toHaveLength(1);
    await expect.poll(() => page.url()).toMatch(/#requests\?text=wrong\+method$/);
    await page.reload();
    await expect.poll(() => search.inputValue()).toBe("wrong method");
    await expect.poll(rows).toHaveLength(1);
    await search.fill("method wrong");
    await expect.poll(rows).toHaveLength(1);
    await search.fill('"method wrong"');
    await expect.poll(rows).toHaveLength(0);
    await search.fill("wrong method");
    await expect.poll(rows).toHaveLength(1);
    await page.locator(".row").click();
    expect(page.url()).toMatch(/#request-\d+-\w+\?text=wrong\+method$/);
    // No log has it, and no URL either.
    await search.fill("another-key");
    await page.getByRole("button", { name: "search for the account of this key" }).click();
    await expect.poll(() => page.url()).toContain(`#requests?account=${account}`);
    await expect
      .poll(rows)
      .toEqual([expect.stringContaining("getBalance"), expect.stringContaining("Wrong method")]);
    await page.getByLabel("Account", { exact: true }).selectOption("");
    await search.fill("unknown-api-key");
    expect(page.url()).toMatch(/#requests$/);
    await page.getByRole("button", { name: "search for the account of this key" }).click();
    await page.getByText("No account has this API key").waitFor();
  });

  it("can be copied as a command that sends them again, whatever is in them", async () => {
    await send(mock.url, { ...switchOn, orderIds: ['it\'s $(touch /tmp/never) `id` \\ "quoted"'] });
    dashboard = await openDashboard(browser, mock.url);
    const { page } = dashboard;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator(".detail .rules").waitFor();
    await page.keyboard.press("c");
    await page.getByText("Copied as curl").waitFor();
    const command = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(command).not.toContain("a-key");
    await execa("sh", ["-c", command], { env: { API_KEY: "a-key" } });
    const [first, second] = mock.requests();
    expect(second?.sent).toEqual(first?.sent);
    expect(second?.decided).toEqual(first?.decided);
    expect(second?.account).toBe(first?.account);
    mock.faults.add({ preset: "error", options: { code: 16, message: 'a; "b"' }, times: 1 });
    await send(mock.url, switchOn);
    await page.locator(".detail").getByText("code 16").waitFor();
    await page.keyboard.press("c");
    await expect.poll(() => page.evaluate<string>("navigator.clipboard.readText()")).toContain("fault=error");
    const faulty = await page.evaluate<string>("navigator.clipboard.readText()");
    await execa("sh", ["-c", faulty], { env: { API_KEY: "a-key" } });
    const [before, after] = mock.requests({ limit: 2 });
    expect(before?.fault?.triggers[0]?.by).toBe("queue");
    expect(after?.answered).toEqual(before?.answered);
    mock.faults.add({ fault: { http: { status: 418, body: "a teapot" } }, times: 1 });
    await send(mock.url, switchOn);
    await page.locator(".detail").getByText("a teapot").waitFor();
    await page.keyboard.press("c");
    await expect.poll(() => page.evaluate<string>("navigator.clipboard.readText()")).toContain("teapot");
    const queuing = await page.evaluate<string>("navigator.clipboard.readText()");
    await execa("sh", ["-c", queuing], { env: { API_KEY: "a-key" } });
    expect(mock.requests({ limit: 1 })).toMatchObject([{ status: 418, answered: "a teapot" }]);
  });

  it("are repeated by their command whatever was wrong with them", async () => {
    const api = `${mock.url}/client/api/v1/a-key`;
    const path = `${api}/extend/order/auto`;
    const json = { "content-type": "application/json" };
    const body = JSON.stringify(switchOn);
    const originals: [url: string, init?: RequestInit][] = [
      [path, { method: "POST", headers: { "content-type": "text/plain" }, body }],
      [path, { method: "POST", headers: json, body: "{ 'no': json" }],
      [path, { method: "POST", headers: { ...json, "content-encoding": "gzip" }, body }],
      [
        path,
        { method: "POST", headers: json, body: JSON.stringify({ ...switchOn, orderIds: ["\u00e9 '\n"] }) },
      ],
      [path, { method: "PUT", headers: json, body }],
      [path, { method: "HEAD" }],
      [`${api}/no/such/path?x=1%202`],
      [path, { method: "POST", headers: { ...json, prefer: "fault=gateway-502; applied=true" }, body }],
    ];
    for (const [url, init] of originals) await fetch(url, init);
    const before = mock.requests();
    dashboard = await openDashboard(browser, mock.url);
    const { page, rows } = dashboard;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await expect.poll(rows).toHaveLength(originals.length);
    const commands: string[] = [];
    for (const { id } of before) {
      await page.locator(`.row[data-key$="/${id}"]`).click();
      await page.locator(".verdict").getByText(`${id} `).waitFor();
      await page.keyboard.press("c");
      await expect.poll(() => page.evaluate("navigator.clipboard.readText()")).not.toBe(commands.at(-1));
      commands.push(await page.evaluate<string>("navigator.clipboard.readText()"));
    }
    for (const command of commands) {
      await execa("sh", ["-c", command], { env: { API_KEY: "a-key" } });
    }
    const shape = ({ method, path, sent, decided, status, account }: LogEntry) => {
      return { method, path, sent, outcome: decided.outcome, code: decided.code, status, account };
    };
    expect(mock.requests().slice(before.length).map(shape)).toEqual(before.map(shape));
  });

  it("are read by keyboard alone, in a window of 360 pixels too", async () => {
    for (const id of ["one", "two", "three"]) await send(mock.url, { ...switchOn, orderIds: [id] });
    dashboard = await openDashboard(browser, mock.url, { width: 360 });
    const { page, rows } = dashboard;
    await expect.poll(rows).toHaveLength(3);
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => page.locator(".row:focus .what").textContent()).toContain("two");
    await page.keyboard.press("Enter");
    await page.locator(".detail").getByRole("heading", { name: "error 29" }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(".row:focus .what").textContent()).toContain("two");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(".detail").waitFor();
    await page.goBack();
    await expect.poll(() => page.locator(".row:focus .what").textContent()).toContain("one");
    await page.keyboard.press("Home");
    await expect.poll(() => page.locator(".row:focus .what").textContent()).toContain("three");
    await page.keyboard.press("End");
    await expect.poll(() => page.locator(".row:focus .what").textContent()).toContain("one");
    await page.keyboard.press("2");
    await page.getByRole("table", { name: "Orders" }).waitFor();
  });

  it("stay few in the document when the log has many pages, and keep their place while others come", async () => {
    // The page loads 40, 1,000, and the rest.
    await sendMany(mock.url, switchOn, 1_100);
    dashboard = await openDashboard(browser, mock.url);
    const { page } = dashboard;
    await expect.poll(() => page.locator(".foot").textContent()).toBe("1,100 requests");
    expect(await page.locator(".row").count()).toBeLessThan(100);
    const list = page.locator(".list");
    await list.evaluate((node) => Object.assign(node, { scrollTop: 30_000 }));
    await expect
      .poll(() => page.locator(".row").first().getAttribute("data-key"))
      .not.toMatch(new RegExp(`${mock.requests().at(-1)?.id}$`));
    await page.waitForTimeout(300);
    const inView = () =>
      page.evaluate<string>(
        "[...document.querySelectorAll('.row')].find((row) => row.getBoundingClientRect().top >= document.querySelector('.list').getBoundingClientRect().top).dataset.key",
      );
    const before = await inView();
    await send(mock.url, switchOn);
    await expect.poll(() => page.locator(".foot").textContent()).toBe("1,101 requests");
    expect(await inView()).toBe(before);
  });

  it("that come too fast to be shown are listed afterwards, each once", async () => {
    await send(mock.url, switchOn);
    dashboard = await openDashboard(browser, mock.url);
    const { page, rows } = dashboard;
    await expect.poll(rows).toHaveLength(1);
    // Before that, the page still loads the rest of the log.
    await page.getByText("Live", { exact: true }).waitFor();
    const complete = await hold(page, "**/__mock/requests?*");
    await sendMany(mock.url, switchOn, 250);
    await page.locator(".gap").getByText("came too fast").waitFor();
    complete();
    await expect.poll(() => page.locator(".foot").textContent()).toBe("251 requests");
    await expect.poll(() => page.locator(".gap").count()).toBe(0);
    const keys = await page
      .locator(".row")
      .evaluateAll((found) => found.map((row) => row.getAttribute("data-key")));
    const newest = mock
      .requests()
      .map(({ id }) => id)
      .reverse();
    expect(keys.map((key) => key?.split("/").at(-1))).toEqual(newest.slice(0, keys.length));
  });

  it("that come too fast for the log as well are counted", async () => {
    const small = await startMockServer({ logLimit: 50 });
    try {
      await send(small.url, switchOn);
      dashboard = await openDashboard(browser, small.url);
      const { page, rows } = dashboard;
      await expect.poll(rows).toHaveLength(1);
      // Before that, the page still loads the rest of the log.
      await page.getByText("Live", { exact: true }).waitFor();
      const complete = await hold(page, "**/__mock/requests?*");
      await sendMany(small.url, switchOn, 150);
      await page.getByText("came too fast").waitFor();
      complete();
      await page.getByText("came too fast").waitFor({ state: "detached" });
      const gap = page.locator(".gap").getByText("missing: the mock\u2019s log no longer had them");
      const scrollOn = () => page.locator(".list").evaluate((node) => node.scrollBy(0, 300));
      await expect.poll(() => scrollOn().then(() => gap.count())).toBe(1);
      const [, missing] = /^([\d,]+) requests are/.exec((await gap.textContent()) ?? "") ?? [];
      const [, listed] = /^([\d,]+) requests$/.exec((await page.locator(".foot").textContent()) ?? "") ?? [];
      expect(Number(missing) + Number(listed)).toBe(151);
      await send(small.url, switchOn);
      await expect.poll(() => page.locator(".foot").textContent()).toBe(`${Number(listed) + 1} requests`);
      expect(await page.locator(".gap").count()).toBe(1);
      // A page that is opened afterwards says how many there were.
      await page.reload();
      const older = page.locator(".gap").getByText("older requests are not kept");
      await expect.poll(() => scrollOn().then(() => older.count())).toBe(1);
      expect(await older.textContent()).toMatch(/^102 older/);
      expect(await page.locator(".foot").textContent()).toMatch(/^50 requests; 102 older/);
    } finally {
      await small.close();
    }
  });
});

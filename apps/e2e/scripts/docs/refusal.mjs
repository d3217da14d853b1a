import { defaultWorld, startMockServer } from "@auto-extend/mock-server";

/** The request that the README shows: an order of another type is refused. */
const request = { proxyType: "IPv6", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true };

/** Starts a mock whose dates are always the same, and sends it the request. */
export async function mockThatRefused() {
  const mock = await startMockServer({ world: { ...defaultWorld, startsAt: "2030-01-01T00:00:00.000Z" } });
  mock.clock.freeze();
  await fetch(`${mock.url}/client/api/v1/any-key/extend/order/auto`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  return mock;
}

/**
 * Sends some others, then opens the request in the mock's dashboard; returns the page, and its text without what differs each time.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {string} url of the mock
 */
export async function openRefusal(browser, url) {
  await sendOthers(url);
  const page = await browser.newPage({ viewport: { width: 1280, height: 760 }, timezoneId: "UTC" });
  await page.goto(`${url}/`);
  await page.getByText("Refused").first().waitFor();
  await page.getByRole("button", { name: "error 29" }).click();
  await page.getByText("broken").first().waitFor();
  const [all = ""] = await page.locator("body").allInnerTexts();
  const text = all
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replace(/\d\d:\d\d:\d\d UTC, /g, "HH:MM:SS UTC, ")
    .replace(/\d+ \w+ ago|just now|now(?=\n|took)/g, "AGO")
    .replace(/sent after [\d.,]+ ms/g, "sent after TIME")
    .replace(/account-[0-9a-f]{12}/g, "account-ID");
  return { page, text };
}

/**
 * Requests beside the one that is explained, so that the picture shows a list.
 *
 * @param {string} url
 */
async function sendOthers(url) {
  const on = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true };
  const six = { ...on, proxyType: "IPv6", orderIds: ["33333", "66666"] };
  /** @type {readonly [path: string, body?: object, prefer?: string][]} */
  const requests = [
    ["any-key/extend/order/auto", on],
    ["any-key/calculate/extend/order", { proxyType: "IPv6", orderIds: six.orderIds, rentPeriodDays: 30 }],
    ["any-key/extend/order/auto", six, "fault=gateway-502"],
    ["any-key/extend/order/auto", six],
    ["any-key/extend/order/auto", { ...on, rentPeriodDays: 7 }],
    ["another-key/balance"],
    ["another-key/extend/order/auto", { ...on, autoExtend: false }],
  ];
  for (const [path, body, prefer] of requests) {
    await fetch(`${url}/client/api/v1/${path}`, {
      method: body ? "POST" : "GET",
      headers: { ...(body ? { "content-type": "application/json" } : {}), ...(prefer ? { prefer } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  }
}

// The dashboard in Chromium: how soon it can be used, how soon a click shows, and what the page costs the mock while many
// requests come.
import { chromium } from "playwright-core";
import { chromiumPath } from "../../../../scripts/debian-packages.mjs";
import { load } from "../harness/load.mjs";
import { ratios, repeat } from "../harness/measures.mjs";
import { startMock } from "../harness/programs.mjs";
import { usualLoad } from "./servers.mjs";

/** @import { Browser, Page } from "playwright-core" */

const connections = 20;
const perSecond = 1_000;
/** How often the page is opened, and each thing clicked, in a round. */
const times = 5;

/** By then the code that answers has been compiled. */
const warmUpRequests = 20_000;

/**
 * Measures two mocks in each round, under the same load at the same time, so that what else the machine does hits both: a
 * page is open at one of them, and none has ever been at the other.
 *
 * @param {import("../harness/report.mjs").Report} report
 * @param {{ rounds: number, seconds: number }} options
 */
export async function measure(report, { rounds, seconds }) {
  if (chromiumPath === undefined) throw new Error("Chromium is not installed: apt-get install chromium");
  const browser = await chromium.launch({ executablePath: chromiumPath });
  const results = await repeat(rounds, () => measureRound(browser, 20 * seconds)).finally(() =>
    browser.close(),
  );
  const micros = "µs of the mock's processor time a request";
  const usable = results.flatMap(({ usableMs }) => usableMs);
  const [without, watched] = [results.map((round) => round.without), results.map((round) => round.watched)];
  const costs = ratios(watched, without);
  const row = report.table("page");
  row("ms until the page can be used", usable);
  row(`${micros}, without the page`, without);
  row(`${micros}, with it`, watched);
  row("processor time, with the page/without it", costs);
  row(
    "ms from a click on a request to its explanation",
    results.flatMap(({ idleMs }) => idleMs),
  );
  row(
    `the same while ${perSecond} requests a second come`,
    results.flatMap(({ busyMs }) => busyMs),
  );
  report.wanted("ms until the page can be used", { atMost: 300 }, usable);
  report.wanted("processor time, with the page/without it", { atMost: 1.1 }, costs);
}

/**
 * @param {Browser} browser
 * @param {number} seconds of load for each mock
 */
async function measureRound(browser, seconds) {
  const { requests } = usualLoad;
  const paced = { requests, connections, seconds, perSecond };
  const warmUp = { requests, connections, count: warmUpRequests };
  const [without, watched] = [await startMock(), await startMock()];
  const mocks = [without, watched];
  for (const mock of mocks) await load(mock, warmUp);
  const usableMs = await repeat(times, () => timeToInteractive(browser, watched.url));
  const page = await openPage(browser, watched.url);
  const idleMs = await repeat(times, () => clickRequest(page));
  // The first request of the control API makes V8 drop the code that it had compiled for all requests.
  for (const mock of mocks) await load(mock, warmUp);
  await Promise.all(mocks.map((mock) => load(mock, { ...paced, seconds: seconds / 2 })));
  const [unseen, seen] = await Promise.all([load(without, paced), load(watched, paced)]);
  const busy = load(watched, paced);
  const busyMs = await repeat(times, () => clickRequest(page));
  await busy;
  await page.context().close();
  await Promise.all(mocks.map((mock) => mock.stop()));
  return { usableMs, idleMs, busyMs, without: unseen.cpuMicros, watched: seen.cpuMicros };
}

/**
 * @param {Browser} browser
 * @param {URL} url
 */
async function openPage(browser, url) {
  const page = await browser.newPage();
  await page.goto(url.href);
  await page.locator(".row").first().waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  return page;
}

/** Runs in the page: waits, from picture to picture, until something is so. */
const until = `const until = (isSo) => new Promise((resolve) => {
  const look = () => (isSo() ? resolve() : requestAnimationFrame(look));
  look();
});`;

/**
 * Opens the page with an empty cache, and clicks a request as soon as there is one.
 *
 * @param {Browser} browser
 * @param {URL} url
 */
async function timeToInteractive(browser, url) {
  const page = await browser.newPage();
  await page.addInitScript(`${until}
    const row = () => document.querySelectorAll(".row")[1];
    until(row).then(async () => {
      const { key } = row().dataset;
      row().click();
      await until(() => document.querySelector(".row[aria-current]")?.dataset.key === key);
      document.documentElement.dataset.interactiveMs = performance.now();
    });`);
  await page.goto(url.href);
  const done = page.locator("html[data-interactive-ms]");
  await done.waitFor({ state: "attached" });
  const figure = Number(await done.getAttribute("data-interactive-ms"));
  await page.context().close();
  return figure;
}

/**
 * Clicks a request near the top of the list that is not shown yet.
 *
 * @param {Page} page
 * @returns {Promise<number>}
 */
function clickRequest(page) {
  return page.evaluate(`(async () => {
    ${until}
    const row = [...document.querySelectorAll(".row")].find((each) => each.ariaCurrent !== "true");
    const id = row.dataset.key.split("/")[1] + " ";
    const start = performance.now();
    row.click();
    await until(() => document.querySelector(".verdict .dim:last-of-type")?.textContent.startsWith(id));
    await until(() => document.querySelector(".rules, .rules-section .calm:not(.loading)"));
    return performance.now() - start;
  })()`);
}

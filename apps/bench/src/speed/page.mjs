// The dashboard in Chromium: how soon it can be used, how soon a click shows, and what the page costs the mock while many
// requests come.
import { chromium } from "playwright-core";
import { chromiumPath } from "../../../../scripts/debian-packages.mjs";
import { load } from "../harness/load.mjs";
import { repeat } from "../harness/measures.mjs";
import { startMock } from "../harness/programs.mjs";

/** @import { Browser, Page } from "playwright-core" */
/** @import { Server } from "../harness/programs.mjs" */
/** @import { BenchRequest } from "./servers.mjs" */

const connections = 20;
const perSecond = 1_000;

/**
 * @typedef {object} PageRound
 * @property {number} withoutMicros the processor time per request of a mock whose page was never opened
 * @property {number} withMicros the same of a mock whose page is open
 * @property {number[]} interactiveMs from the start of loading until a click in the list was answered
 * @property {number[]} idleClickMs from a click on a request until its explanation is shown
 * @property {number[]} busyClickMs the same while requests come
 */

/**
 * Measures two mocks in each round, under the same load at the same time, so that what else the machine does hits both: a
 * page is open at one of them, and none has ever been at the other.
 *
 * @param {{ requests: readonly BenchRequest[], rounds: number, seconds: number, warmUpRequests: number, times: number }} options
 * `seconds`: of load for each mock in a round; `times`: how often the page is opened, and each thing clicked, in a round
 */
export async function measurePage({ requests, rounds, seconds, warmUpRequests, times }) {
  if (chromiumPath === undefined) throw new Error("Chromium is not installed: apt-get install chromium");
  const browser = await chromium.launch({ executablePath: chromiumPath });
  /** @type {PageRound[]} */
  const results = [];
  const loadFor = { requests, connections };
  const paced = { ...loadFor, seconds, perSecond };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const mocks = [await startMock(), await startMock()];
      const [without, watched] = /** @type {[Server, Server]} */ (mocks);
      for (const mock of mocks) await load(mock, { ...loadFor, count: warmUpRequests });
      const interactiveMs = await repeat(times, () => timeToInteractive(browser, watched.url));
      const page = await openPage(browser, watched.url);
      const idleClickMs = await repeat(times, () => clickRequest(page));
      // The first request of the control API makes V8 drop the code that it had compiled for all requests.
      for (const mock of mocks) await load(mock, { ...loadFor, count: warmUpRequests });
      await Promise.all(mocks.map((mock) => load(mock, { ...paced, seconds: seconds / 2 })));
      const [unseen, seen] = await Promise.all([load(without, paced), load(watched, paced)]);
      const busy = load(watched, paced);
      const busyClickMs = await repeat(times, () => clickRequest(page));
      await busy;
      await page.context().close();
      await Promise.all(mocks.map((mock) => mock.stop()));
      const clicks = { interactiveMs, idleClickMs, busyClickMs };
      results.push({ withoutMicros: unseen.cpuMicros, withMicros: seen.cpuMicros, ...clicks });
    }
  } finally {
    await browser.close();
  }
  return results;
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

/**
 * @param {import("../harness/report.mjs").Report} report
 * @param {readonly PageRound[]} results
 */
export function reportPage(report, results) {
  const micros = "page: µs of the mock's processor time a request";
  report.table(results, [
    ["page: ms until it can be used", ({ interactiveMs }) => interactiveMs, { bound: 300 }],
    [`${micros}, without it`, ({ withoutMicros }) => withoutMicros, { digits: 1 }],
    [`${micros}, with it`, ({ withMicros }) => withMicros, { digits: 1 }],
    [
      "page: with it/without it",
      (round) => round.withMicros / round.withoutMicros,
      { digits: 2, bound: 1.1 },
    ],
    ["page: ms from a click on a request to its explanation", ({ idleClickMs }) => idleClickMs],
    [`page: the same while ${perSecond} requests a second come`, ({ busyClickMs }) => busyClickMs],
  ]);
}

// The site as `npm run site` has built it, in a browser for which there is no other host.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { allStatements, errorCodes } from "@auto-extend/core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { closePages, describeInChromium, launchChromium } from "../chromium.js";

const dist = fileURLToPath(new URL("../../../../docs/dist/", import.meta.url));
const home = "http://site.invalid/";
/** The README, guides with wide tables, and pages that are made from the contract and from docstrings. */
const pages = [
  "",
  ...["cli", "client", "testing", "verify", "faults", "bench"],
  ...["reference/statements", "reference/operations/setAutoExtend", "reference/packages/mock-server/msw"],
];

describeInChromium("the built site", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => closePages(browser));

  it.each([
    ["light", 255],
    ["dark", 27],
  ] as const)(
    "is %s if its reader likes that, and fits on a screen and on a phone",
    async (colorScheme, brightness) => {
      const { page, complaints } = await open(browser, { colorScheme });
      for (const name of pages) {
        await page.goto(home + name);
        const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        expect(background).toMatch(new RegExp(`^rgb\\(${brightness}, `));
        for (const width of [1_280, 390]) {
          await page.setViewportSize({ width, height: 800 });
          expect(await page.evaluate("document.documentElement.scrollWidth"), name).toBe(width);
        }
      }
      expect(complaints).toEqual([]);
    },
  );

  it("finds a page by its words, and opens it, without asking another host", async () => {
    const { page, complaints } = await open(browser);
    await page.goto(home);
    // Until its script has taken over the page, it hears no key.
    await page.waitForFunction("document.querySelector('#app').__vue_app__");
    await page.keyboard.press("Control+k");
    await page.getByRole("searchbox").fill("lost answer");
    await page.locator(".result", { hasText: "The presets" }).click();
    await page.waitForURL(`${home}faults#the-presets`);
    await page.getByRole("heading", { name: "The presets" }).waitFor();
    expect(complaints).toEqual([]);
  });
});

it("has every statement, and every error code with what to do about it", () => {
  const statements = readFileSync(join(dist, "reference/statements.html"), "utf8");
  for (const { id } of allStatements()) expect(statements).toContain(`<code>${id}</code>`);
  const codes = readFileSync(join(dist, "reference/error-codes.html"), "utf8");
  for (const { code } of errorCodes) expect(codes).toContain(`<td>${code}</td>`);
});

/** A page, and what must never happen on it. */
async function open(
  browser: Browser,
  options?: BrowserContextOptions,
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const complaints: string[] = [];
  await context.route("**", (route) => {
    const url = route.request().url();
    const file = url.startsWith(home) && fileOf(decodeURIComponent(new URL(url).pathname));
    if (file) return route.fulfill({ path: file });
    complaints.push(`asked for ${url}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error.stack)));
  return { page, complaints };
}

/** As hosts of static pages find it. */
function fileOf(path: string): string | undefined {
  const name = path.endsWith("/") ? `${path}index.html` : path;
  return [name, `${name}.html`].map((each) => join(dist, each)).find((file) => existsSync(file));
}

// Writes the picture of the README: the mock's dashboard with a request that was refused. It needs Chromium. Build first.
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { chromiumPath } from "../../../scripts/debian-packages.mjs";
import { mockThatRefused } from "./docs/refusal.mjs";

if (chromiumPath === undefined) {
  throw new Error("Chromium is missing: install the Debian package chromium, or set CHROMIUM_PATH.");
}
const file = fileURLToPath(new URL("../../../docs/images/dashboard.png", import.meta.url));
const mock = await mockThatRefused();
const browser = await chromium.launch({ executablePath: chromiumPath });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
  await page.goto(`${mock.url}/`);
  await page.getByText("Refused").first().waitFor();
  await page.getByText("order 11111").or(page.getByText("11111")).first().click();
  await page.getByText("broken").first().waitFor();
  await page.screenshot({ path: file });
  console.log("Wrote docs/images/dashboard.png: look at it before you commit it.");
} finally {
  await browser.close();
  await mock.close();
}

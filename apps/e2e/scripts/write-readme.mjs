// Writes what the README shows of a request that was refused: the picture of the mock's dashboard, and what a terminal prints. It needs
// Chromium.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { chromiumPath } from "../../../scripts/debian-packages.mjs";
import { mockThatRefused } from "./docs/refusal.mjs";
import { withWrittenPart } from "./docs/written-part.mjs";

if (chromiumPath === undefined) {
  throw new Error("Chromium is missing: install the Debian package chromium, or set CHROMIUM_PATH.");
}
const root = new URL("../../../", import.meta.url);
const picture = fileURLToPath(new URL("docs/images/dashboard.png", root));
const readme = new URL("README.md", root);
const mock = await mockThatRefused();
const browser = await chromium.launch({ executablePath: chromiumPath });
try {
  const explanation = terminalBlock(mock.explain().text);
  await sendOthers(mock.url);
  const page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
  await page.goto(`${mock.url}/`);
  await page.getByText("Refused").first().waitFor();
  await page.getByRole("button", { name: "Refused 29" }).click();
  await page.getByText("broken").first().waitFor();
  await page.screenshot({ path: picture });
  writeFileSync(readme, withWrittenPart(readFileSync(readme, "utf8"), "explanation", explanation));
  console.log(
    "Wrote docs/images/dashboard.png and the terminal block of README.md: look at both before you commit them.",
  );
} finally {
  await browser.close();
  await mock.close();
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

/**
 * Without the request and the answer, which the README shows already.
 *
 * @param {string} text
 */
function terminalBlock(text) {
  return `\`\`\`text\n${text.slice(text.indexOf("Rules:"), text.indexOf("\nChanged:"))}\n\`\`\``;
}

// Writes what the README shows of a request that was refused: the picture of the mock's dashboard, and what a terminal prints. It needs
// Chromium.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { chromiumPath } from "../../../scripts/debian-packages.mjs";
import { mockThatRefused, openRefusal } from "./docs/refusal.mjs";

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
  const { page, text } = await openRefusal(browser, mock.url);
  await page.screenshot({ path: picture });
  // A test compares it with the page of the day, so that an old picture is noticed.
  writeFileSync(picture.replace(/png$/, "txt"), `${text}\n`);
  writeFileSync(readme, withExplanation(readFileSync(readme, "utf8"), explanation));
  console.log(
    "Wrote docs/images/dashboard.png and the terminal block of README.md: look at both before you commit them.",
  );
} finally {
  await browser.close();
  await mock.close();
}

/**
 * Without the request and the answer, which the README shows already.
 *
 * @param {string} text
 */
function terminalBlock(text) {
  return `\`\`\`text\n${text.slice(text.indexOf("Rules:"), text.indexOf("\nChanged:"))}\n\`\`\``;
}

/**
 * Puts the block between the comments that name its place.
 *
 * @param {string} text
 * @param {string} explanation
 */
function withExplanation(text, explanation) {
  const place = /(?<=<!-- explanation: .*\n\n)[\s\S]*?(?=\n\n<!-- end of explanation -->)/;
  if (!place.test(text)) throw new Error("README.md has no place for the explanation.");
  return text.replace(place, () => explanation);
}

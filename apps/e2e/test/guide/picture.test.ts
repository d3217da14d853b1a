import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { mockThatRefused, openRefusal } from "../../scripts/docs/refusal.mjs";
import { closePages, describeInChromium, launchChromium } from "../chromium.js";
import { root } from "./blocks.js";

describeInChromium("the picture of the README", () => {
  it("shows the dashboard as it is; if not, run `npm run docs:screenshot` and look at the picture", async () => {
    const [browser, mock] = await Promise.all([launchChromium(), mockThatRefused()]);
    try {
      const { text } = await openRefusal(browser, mock.url);
      expect(text).toBe(readFileSync(`${root}docs/images/dashboard.txt`, "utf8").trimEnd());
    } finally {
      await Promise.all([closePages(browser), mock.close()]);
    }
  });
});

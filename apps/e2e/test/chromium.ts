import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { describe, it } from "vitest";

const candidates = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Where Chromium is on this machine; `undefined` where there is none. */
const chromiumPath = process.env.CHROMIUM_PATH ?? candidates.find((path) => existsSync(path));

const missing = "no Chromium on this machine: install one, or set CHROMIUM_PATH to its program";

/** A suite that needs a browser: skipped on a machine without one, but a failure in CI. */
export function describeInChromium(name: string, suite: () => void): void {
  if (chromiumPath !== undefined) {
    describe(name, suite);
  } else if (process.env.CI) {
    it(name, () => {
      throw new Error(missing);
    });
  } else {
    describe.skip(`${name} (${missing})`, suite);
  }
}

/** Starts a Chromium that asks nobody for anything on its own. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: [
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

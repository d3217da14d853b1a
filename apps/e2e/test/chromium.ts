import { type Browser, chromium } from "playwright-core";
import { chromiumPath } from "../../../scripts/debian-packages.mjs";
import { describeWith } from "./debian-package.js";

export function describeInChromium(title: string, suite: () => void): void {
  describeWith("chromium", title, suite);
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

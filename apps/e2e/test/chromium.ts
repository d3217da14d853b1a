import { type Browser, chromium } from "playwright-core";
import { chromiumPath } from "../../../scripts/debian-packages.mjs";
import { describeWith } from "./debian-package.js";

export function describeInChromium(title: string, suite: () => void): void {
  describeWith("chromium", title, suite);
}

let launched: Promise<Browser> | undefined;

/**
 * A Chromium that asks nobody for anything on its own. All files of a worker share it, since its start costs as much as most tests;
 * it ends with the worker. A file that is through with it calls {@link closePages}.
 */
export function launchChromium(): Promise<Browser> {
  launched ??= chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: [
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return launched;
}

/** Closes what a file has opened. It did not get to the start of Chromium if that is not given. */
export async function closePages(browser: Browser | undefined): Promise<void> {
  await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
}

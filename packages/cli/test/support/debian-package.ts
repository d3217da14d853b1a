import { describe } from "vitest";
import { debianPackages, skippedTitle } from "../../../../scripts/debian-packages.mjs";

/** A suite that needs a program which comes as a Debian package; a machine without it skips the suite and says so. */
export function describeWith(name: keyof typeof debianPackages, title: string, suite: () => void): void {
  if (debianPackages[name]) describe(title, suite);
  else describe.skip(skippedTitle(title, name), suite);
}

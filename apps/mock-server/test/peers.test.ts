import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const { peerDependencies, devDependencies } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

it("takes the MSW that it is tested with, and no other", () => {
  expect(peerDependencies).toEqual({ msw: devDependencies.msw });
});

import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { checkerOf, type Resolution } from "./type-checker.ts";

const { projects } = inject("packed");

// The declarations of the packages are checked as well (skipLibCheck is off), and by the oldest TypeScript all that they depend on.
// Only those of msw are not, since msw 2.0.0 and 3 have errors of their own.
describe.each([
  { version: "typescript-5.0", skipForeign: false },
  { version: "typescript-5.4", skipForeign: true },
])("$version type-checks what users of zod 3 write", ({ version, skipForeign }) => {
  const check = checkerOf(version, { skipForeign });
  const folder = projects.find(({ name }) => name === "zod-3")?.folder ?? "";

  it.each<[string, Resolution]>([
    ["tsconfig.zod-3.json", "NodeNext"],
    ["tsconfig.zod-3.json", "Bundler"],
    ["tsconfig.zod-3.json", "Node10"],
    ["tsconfig.msw.json", "NodeNext"],
  ])("%s under %s", (config, resolution) => {
    expect(check(join(folder, config), resolution)).toBe("");
  });
});

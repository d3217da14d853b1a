import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { checkerOf, type Resolution } from "./type-checker.ts";

const { projects } = inject("packed");

// The declarations of the packages are checked as well (skipLibCheck is off). Those that they depend on, the newest TypeScript checks.
describe.each<[string, [config: string, resolution: Resolution][]]>([
  [
    "typescript-5.0",
    [
      ["tsconfig.zod-3.json", "NodeNext"],
      ["tsconfig.zod-3.json", "Node10"],
      ["tsconfig.msw.json", "NodeNext"],
    ],
  ],
  ["typescript-5.4", [["tsconfig.zod-3.json", "NodeNext"]]],
])("%s type-checks what users of zod 3 write", (version, checks) => {
  const check = checkerOf(version);
  const folder = projects.find(({ name }) => name === "zod-3")?.folder ?? "";

  it.each(checks)("%s under %s", (config, resolution) => {
    expect(check(join(folder, config), resolution)).toBe("");
  });
});

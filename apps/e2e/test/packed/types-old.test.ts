import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { checkerOf, type Resolution } from "./type-checker.ts";

const { projects } = inject("packed");

// The declarations of the packages are checked as well (skipLibCheck is off). Those that they depend on, the newest TypeScript checks.
// The resolutions are those of the oldest TypeScript; `types.test.ts` has them by the newest that has all three.
describe.each<[string, Resolution[]]>([
  ["typescript-5.0", ["NodeNext", "Bundler", "Node10"]],
  ["typescript-5.4", ["NodeNext"]],
])("%s type-checks what users of zod 3 write", (version, resolutions) => {
  const check = checkerOf(version);
  const folder = projects.find(({ name }) => name === "zod-3")?.folder ?? "";
  const ofZod = resolutions.map((resolution) => ["tsconfig.zod-3.json", resolution] as const);

  it.each([...ofZod, ["tsconfig.msw.json", "NodeNext"] as const])("%s under %s", (config, resolution) => {
    expect(check(join(folder, config), resolution)).toBe("");
  });
});

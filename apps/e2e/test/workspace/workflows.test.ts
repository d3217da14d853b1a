import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readManifest } from "../../../../scripts/members.mjs";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));
const folder = join(checkout, ".github", "workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = new Map<string, Workflow>(
  readdirSync(folder).map((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return [name, { text, ...parse(text) }];
  }),
);

describe.each([...workflows])("the workflow %s", (name, { text, permissions, jobs }) => {
  it("runs actions of others in the version that their hash pins, which a comment names", () => {
    const uses = text.match(/uses: .*/g) ?? [];
    const foreign = uses.filter((line) => !line.startsWith("uses: ./"));
    expect(uses.length).toBeGreaterThan(1);
    expect(foreign.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it("may only read, unless a job says what it writes", () => {
    expect(permissions).toEqual({ contents: "read" });
    const writing = Object.entries(jobs).flatMap(([job, { permissions: own = {} }]) =>
      Object.keys(own).map((permission) => `${name}: ${job}: ${permission}`),
    );
    const allowed = [
      "release.yml: site: contents",
      "site.yml: publish: contents",
      ...["contents", "pull-requests", "id-token"].map((each) => `release.yml: release: ${each}`),
    ];
    expect(writing.filter((each) => !allowed.includes(each))).toEqual([]);
  });

  it("stores no token, and lets no step fail in silence", () => {
    expect(text).not.toMatch(/secrets\.|NPM_TOKEN|NODE_AUTH_TOKEN|continue-on-error/);
  });
});

describe("what reaches main", () => {
  const { on, jobs } = workflows.get("release.yml") as Workflow;

  it("is published, and its site, only after all tests have passed, none of them skipped", () => {
    expect(on).toEqual({ push: { branches: ["main"] } });
    expect(jobs.ci?.uses).toBe("./.github/workflows/ci.yml");
    for (const [name, { needs }] of Object.entries(jobs)) if (name !== "ci") expect(needs).toBe("ci");
    expect(workflows.get("site.yml")?.on).toEqual({ workflow_call: null });
    const everything = workflows.get("ci.yml")?.jobs.everything?.steps ?? [];
    expect(everything.at(-1)?.run).toBe("bash .ci/run");
    expect(readFileSync(join(checkout, ".ci", "run"), "utf8")).toContain("totals --no-skips");
  });

  it("is published by an npm that knows trusted publishing, with provenance, from a build without caches", () => {
    const steps = jobs.release?.steps ?? [];
    const install = steps.findIndex(({ run }) => /^npm install --global npm@\^11\.[5-9]\./.test(run ?? ""));
    const publish = steps.findIndex((step) => step.with?.publish === "npm run release");
    expect(install).toBeGreaterThan(0);
    expect(publish).toBeGreaterThan(install);
    expect(steps[publish]).toMatchObject({ env: { NPM_CONFIG_PROVENANCE: "true" } });
    expect(steps.filter(({ uses = "" }) => uses.includes("/cache@"))).toEqual([]);
  });
});

it("the tests run on every Node from the oldest that is supported, with caches of pnpm and turbo", () => {
  const { test } = workflows.get("ci.yml")?.jobs ?? {};
  const nodes = test?.strategy?.matrix.node?.map(String) ?? [];
  expect(nodes.map((version) => version.split(".")[0])).toEqual(["20", "22", "24", "26"]);
  expect(readManifest(checkout)).toMatchObject({ engines: { node: `>=${nodes[0]}` } });
  const cache = test?.steps?.find(({ uses = "" }) => uses.includes("/cache@"));
  expect(cache?.with?.path).toMatch(/pnpm\/store[\s\S]*\.turbo\/cache/);
});

it("Renovate keeps actions pinned, and leaves the oldest versions that must work alone", () => {
  const { extends: presets, packageRules } = JSON.parse(
    readFileSync(join(checkout, ".github", "renovate.json"), "utf8"),
  );
  expect(presets).toContain("helpers:pinGitHubActionDigests");
  expect(packageRules).toContainEqual(
    expect.objectContaining({ matchPackageNames: expect.arrayContaining(["zod", "node"]), enabled: false }),
  );
});

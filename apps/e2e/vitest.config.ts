import { BaseSequencer, type TestSpecification } from "vitest/node";
import { memberConfig } from "../../vitest.shared.ts";

/** The files that take longest. The rest fits in beside them. */
const longest = [
  "guide/documents",
  "documents/page",
  "dashboard/views",
  "guide/one-more-operation",
  "container/dockerfile",
  "dashboard/requests",
  "dashboard/connection",
  "dashboard/orders",
  "conformance/validating-proxy",
  "conformance/server-cases",
  "conformance/mock-server",
  "documents/committed",
  "workspace/options",
  "forecast/page",
  "clients/clients",
  "workspace/dev",
  "cli/process",
  "model/bites",
  "documents/linters",
  "secrets/cli",
  "dashboard/states",
  "cli/terminal",
  "guide/commands",
  "guide/languages",
  "model/model",
  "prism/wrong-answers",
  "state/kill",
  "several-mocks/nginx",
  "packed/types-old",
  "packed/types",
  "packed/nodes",
];

/** Starts the longest files first, so that none is left to run alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return index === -1 ? longest.length : index;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

export default memberConfig({
  built: true,
  test: {
    // One more than the processors of a small machine: many of these tests wait for programs and browsers.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // A task for each: while the packages are packed and installed, and the site is built, the other tests run.
    projects: [
      // Two at a time within a file: that of the documents waits for one program at a time, and would take twice as long.
      { extends: true, test: { name: "workspace", exclude: ["test/{packed,site}/**"], maxConcurrency: 2 } },
      { extends: true, test: { name: "site", exclude: ["test/!(site)/**"] } },
      {
        extends: true,
        test: {
          name: "packed",
          exclude: ["test/!(packed)/**"],
          globalSetup: "test/packed/setup.ts",
          // A full type check by an old TypeScript takes two minutes on a machine that is busy with much else.
          testTimeout: 300_000,
        },
      },
    ],
  },
});

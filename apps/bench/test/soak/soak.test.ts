import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, it } from "vitest";
import { waysToFail } from "../../src/harness/faults.mjs";
import { temporaryFolder } from "../../src/harness/programs.mjs";

const program = fileURLToPath(new URL("../../src/soak/main.mjs", import.meta.url));

interface Row {
  table: string;
  name: string;
  median: number;
}

it("finds the mock as expected after some seconds of requests and faults", async () => {
  const file = join(temporaryFolder(), "soak.json");
  const options = ["--minutes", "0.04", "--connections", "20", "--json", file];
  const { exitCode, all } = await execa(process.execPath, [program, ...options], {
    all: true,
    reject: false,
  });
  expect(all).toMatch(/\nEverything is as expected\.$/);
  expect(exitCode).toBe(0);
  const { settings, problems, rows } = JSON.parse(readFileSync(file, "utf8")) as {
    settings: object;
    problems: string[];
    rows: Row[];
  };
  expect({ settings, problems }).toEqual({
    settings: { minutes: 0.04, seed: 1, connections: 20 },
    problems: [],
  });
  const figure = (wanted: string) =>
    rows.find(({ table, name }) => table === "soak" && name === wanted)?.median;
  expect(figure("unexpected answers")).toBe(0);
  expect(figure("answers")).toBeGreaterThan(0);
  expect(all).toContain(`| answers | ${figure("answers")?.toLocaleString("en-US")} |`);
  // How many a machine meets in this time depends on what else it does.
  const met = rows.flatMap(({ name }) => /^fault: ([^,]+)/.exec(name)?.slice(1) ?? []);
  expect([...waysToFail.keys()]).toEqual(expect.arrayContaining(met));
});

// What each part of the mock's program costs until it is ready: in a bundle of its own, every module says when it has been
// evaluated. Packages that are loaded later cost nothing before.
import { rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { bundleProgram } from "../../../../scripts/bundle-program.mjs";
import { repeat } from "../harness/measures.mjs";

const folder = dirname(fileURLToPath(new URL("../../../mock-server/package.json", import.meta.url)));
const outDir = join(folder, "dist", "measured");
/** Packages of their own, and when the first request needs them. */
const later = { express: "a page or the control API", "https-proxy-agent": "an upstream behind a proxy" };

/** Runs first. The line that says that the mock is ready ends it. */
const banner = `const evaluated = [["", performance.now()]];
const markEvaluated = (id) => evaluated.push([id, performance.now()]);
process.stdout.write = () => {
  markEvaluated("ready");
  console.error(JSON.stringify(evaluated));
  process.exit();
};`;
const plugin = {
  name: "mark-evaluated",
  transform: (/** @type {string} */ code, /** @type {string} */ id) =>
    `${code}\n;markEvaluated(${JSON.stringify(id)});`,
};

/**
 * @param {import("../harness/report.mjs").Report} report
 * @param {{ rounds: number }} options
 */
export async function measureModules(report, { rounds }) {
  const { output } = await bundleProgram(folder, Object.keys(later), {
    build: { outDir, rolldownOptions: { output: { banner } } },
    plugins: [{ ...plugin, enforce: "post" }],
  });
  const sizes = Object.entries(output[0].modules).map(([id, { renderedLength }]) => ({
    id,
    size: renderedLength,
  }));
  const runs = await repeat(2 * rounds, costs).finally(() => rmSync(outDir, { recursive: true }));
  const row = report.table("part of the mock", ["KB", "ms (spread)", "loaded"]);
  for (const part of runs[0]?.keys() ?? []) {
    const own = sizes.filter(({ id }) => partOf(id) === part).reduce((sum, { size }) => sum + size, 0);
    row(
      part,
      kilobytes(own),
      runs.map((run) => run.get(part) ?? 0),
      "at the start",
    );
  }
  for (const [name, when] of Object.entries(later)) {
    const file = join(folder, "dist", "packages", `${name}.cjs`);
    const code =
      "const begin = performance.now(); require(process.argv[1]); console.log(performance.now() - begin)";
    const load = async () => Number((await execa(process.execPath, ["-e", code, file])).stdout);
    row(name, kilobytes(statSync(file).size), await repeat(2 * rounds, load), `for ${when}`);
  }
}

/** The milliseconds that each part takes in one start. */
async function costs() {
  const args = [join(outDir, "bin.js"), "--port", "0", "--log", "silent"];
  const { stderr } = await execa(process.execPath, args);
  /** @type {Map<string, number>} */
  const took = new Map();
  let before = 0;
  for (const [id, at] of /** @type {[string, number][]} */ (JSON.parse(stderr))) {
    took.set(partOf(id), (took.get(partOf(id)) ?? 0) + at - before);
    before = at;
  }
  return took;
}

/** @param {string} id of a module */
function partOf(id) {
  if (id === "") return "Node, and reading the program";
  if (id === "ready") return "making the mock, and listening";
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id) ?? [];
  if (name) return ["zod", "commander"].includes(name) ? name : "other packages";
  if (id.includes("/packages/core/")) return "the contract (core)";
  const [, room] = /\/src\/(engine\/[^/]+\/|control-api\/|program\/|proxy\/|store\/)/.exec(id) ?? [];
  return `the mock: ${room ?? "others"}`;
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${Math.round(bytes / 1_000)}`;
}

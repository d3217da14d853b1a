// Runs the mock and its page while both are being changed: a change of the mock's sources, or of the contract's, restarts it,
// and one of the page's sources shows at once. Options are those of the mock.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { build } from "vite";
import { programBundle } from "./bundle-program.mjs";
import { readManifest } from "./members.mjs";
import { root, statusOf } from "./toolchain.mjs";

const mockFolder = join(root, "apps", "mock-server");
const mockProgram = join(mockFolder, "bin", "auto-extend-mock.js");
const pageFolder = join(root, "apps", "dashboard");

/**
 * @param {string[]} args the options of the mock
 * @returns {Promise<number>} the exit code
 */
export async function dev(args) {
  if (args.includes("--help")) return statusOf(process.execPath, [mockProgram, "--help"]);
  const { values } = parseArgs({ args, options: { port: { type: "string" } }, strict: false });
  const port = String(values.port ?? "4010");
  if (!(Number(port) >= 1 && Number(port) <= 65_535)) {
    console.error("Name a port from 1 to 65535: the page has to know where the mock is.");
    return 2;
  }
  if (await isTaken(Number(port))) {
    console.error(
      `Port ${port} is in use, perhaps by npm start. Stop that, or choose another: npm run dev -- --port 4011`,
    );
    return 1;
  }
  const url = `http://127.0.0.1:${port}`;
  const problem = await exitCodeOfMock(args, url);
  if (problem !== null) return problem;
  const watcher = await watchSources();
  console.log(
    "Open the address that follows Local: that page shows your changes. The mock's own page stays as it was built.",
  );
  console.log(
    "With each change of its sources the mock starts again, with a new state unless --state FILE keeps it.",
  );
  // Node starts it again when its bundle changes, also after an error.
  const mock = start(root, ["--watch", "--watch-preserve-output", mockProgram, ...args]);
  const vite = join(pageFolder, "node_modules", "vite", "bin", "vite.js");
  const page = start(pageFolder, [vite, "--clearScreen", "false"], { MOCK_URL: url });
  const stop = () => {
    page.kill();
    mock.kill();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const [[code]] = await Promise.all([once(page, "exit").finally(stop), once(mock, "exit")]);
  await watcher.close();
  return code ?? 0;
}

/**
 * @param {string} cwd
 * @param {string[]} args
 * @param {Record<string, string>} [env] beside that of this process
 */
function start(cwd, args, env) {
  return spawn(process.execPath, args, {
    cwd,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
}

/**
 * Starts the mock once, since a wrong option ends it, and `node --watch` would wait for a change then. Null if it serves.
 *
 * @param {string[]} args
 * @param {string} url
 */
async function exitCodeOfMock(args, url) {
  const mock = spawn(process.execPath, [mockProgram, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(mock, "exit");
  while (mock.exitCode === null && mock.signalCode === null) {
    const isServing = await fetch(`${url}/__mock/health`).then(
      () => true,
      () => false,
    );
    if (isServing) {
      mock.kill();
      await ended;
      return null;
    }
    await sleep(50);
  }
  return mock.exitCode ?? 1;
}

/** Bundles the mock, and again whenever a source of it, or of the contract, changes. */
async function watchSources() {
  // What is installed changes too rarely to be bundled again and again.
  const { dependencies = {} } = readManifest(mockFolder);
  const foreign = Object.keys(dependencies).filter((name) => !name.startsWith("@auto-extend/"));
  const config = programBundle(mockFolder, foreign);
  const watcher = /** @type {Extract<Awaited<ReturnType<typeof build>>, { close: unknown }>} */ (
    await build({
      ...config,
      ssr: { ...config.ssr, resolve: { conditions: ["@auto-extend/source", "module", "node"] } },
      // A program that is running loads parts of it later.
      build: { ...config.build, emptyOutDir: false, watch: {} },
    })
  );
  await new Promise((resolve) => {
    watcher.on("event", ({ code }) => {
      if (code === "BUNDLE_END" || code === "ERROR") resolve(undefined);
    });
  });
  return watcher;
}

/** @param {number} port */
function isTaken(port) {
  return new Promise((resolve) => {
    const probe = createServer()
      .once("error", () => resolve(true))
      .listen(port, "127.0.0.1", () => probe.close(() => resolve(false)));
  });
}

// Runs the mock and its page while both are being changed: a change of the mock's sources, or of the contract's, restarts it,
// and one of the page's sources shows at once. Options are those of the mock.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "vite";
import { programBundle } from "./bundle-program.mjs";
import { readManifest } from "./members.mjs";
import { root } from "./toolchain.mjs";

const mockFolder = join(root, "apps", "mock-server");
const pageFolder = join(root, "apps", "dashboard");

/**
 * @param {string[]} args the options of the mock
 * @returns {Promise<number>} the exit code
 */
export async function dev(args) {
  const { values } = parseArgs({ args, options: { port: { type: "string" } }, strict: false });
  const port = String(values.port ?? "4010");
  if (Number(port) === 0) {
    console.error("Name a port: the page has to know where the mock is.");
    return 2;
  }
  if (await isTaken(Number(port))) {
    console.error(
      `Port ${port} is in use, perhaps by npm start. Stop that, or choose another: npm run dev -- --port 4011`,
    );
    return 1;
  }
  const mock = runAgainAndAgain([join(mockFolder, "bin", "auto-extend-mock.js"), ...args]);
  const url = `http://127.0.0.1:${port}`;
  // A wrong option, or a port that is taken, ends the mock at once.
  const hasEnded = new AbortController();
  mock.ended.then(() => hasEnded.abort());
  if (!(await answers(url, hasEnded.signal))) return mock.ended;
  mock.setReady();
  const watcher = await watchSources(mock.restart);
  console.log(
    "Open the address that follows Local: that page shows your changes. The mock's own page stays as it was built.",
  );
  const page = spawn(
    process.execPath,
    [join(pageFolder, "node_modules", "vite", "bin", "vite.js"), "--clearScreen", "false"],
    { cwd: pageFolder, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, MOCK_URL: url } },
  );
  const stop = () => {
    page.kill();
    mock.stop();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  hasEnded.signal.addEventListener("abort", stop);
  await once(page, "exit");
  stop();
  await watcher.close();
  return mock.ended;
}

/**
 * Runs a program until it is stopped, and again when it is asked for.
 *
 * @param {string[]} args
 */
function runAgainAndAgain(args) {
  let isStopped = false;
  let isRestarting = false;
  /** @type {(code: number) => void} */
  let end = () => {};
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    end = resolve;
  });
  let child = begin();

  function begin() {
    isRestarting = false;
    const started = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
    started.once("exit", (code) => {
      if (isStopped || !wasReady) end(code ?? 0);
      else if (isRestarting) {
        console.log(
          "Your change is in: the mock starts again, with a new state unless --state FILE keeps it.",
        );
        child = begin();
      } else console.error("The mock has ended. It starts again with your next change.");
    });
    return started;
  }

  let wasReady = false;
  return {
    /** Resolves with the exit code once the program was stopped, or if it ended before it was ready. */
    ended,
    /** Says that the program is ready: from now on, its end is not the end of everything. */
    setReady() {
      wasReady = true;
    },
    restart() {
      if (isStopped) return;
      if (child.exitCode !== null || child.signalCode !== null) child = begin();
      else if (!isRestarting) child.kill();
      isRestarting = true;
    },
    stop() {
      isStopped = true;
      if (child.exitCode !== null || child.signalCode !== null) end(child.exitCode ?? 0);
      else child.kill();
    },
  };
}

/**
 * Bundles the mock, and again whenever a source of it, or of the contract, changes.
 *
 * @param {() => void} onChange called when the bundle of a change is there
 */
async function watchSources(onChange) {
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
    let isWatching = false;
    watcher.on("event", ({ code }) => {
      // The first bundle is what runs already, unless there is an error in it.
      if (isWatching && code === "BUNDLE_END") onChange();
      if (code === "BUNDLE_END" || code === "ERROR") isWatching = true;
      if (isWatching) resolve(undefined);
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

/**
 * Waits until a mock answers; false if it was given up before.
 *
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function answers(url, signal) {
  while (!signal.aborted) {
    const isThere = await fetch(`${url}/__mock/health`, { signal }).then(
      () => true,
      () => false,
    );
    if (isThere) return !signal.aborted;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

// Runs the mock and its page while both are being changed: a change of the mock's sources, or of the contract's, restarts it,
// and one of the page's sources shows at once. Options are those of the mock.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./toolchain.mjs";

const mock = join(root, "apps", "mock-server");
const dashboard = join(root, "apps", "dashboard");

/** @param {string[]} args the options of the mock */
export async function dev(args) {
  const { port = "4010" } = parseArgs({
    args,
    options: { port: { type: "string" } },
    strict: false,
  }).values;
  console.log(
    "Open the address that follows Local: that page shows your changes. The mock's own page stays as it was built.",
  );
  const children = [
    [mock, [join(root, "scripts", "bundle-program.mjs"), "--watch"]],
    [mock, ["--watch", join(mock, "bin", "auto-extend-mock.js"), ...args]],
    [dashboard, [join(dashboard, "node_modules", "vite", "bin", "vite.js"), "--clearScreen", "false"]],
  ].map(([cwd, command]) =>
    spawn(process.execPath, command, {
      cwd,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, MOCK_URL: `http://127.0.0.1:${port}` },
    }),
  );
  const stop = () => {
    for (const child of children) child.kill();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const codes = await Promise.all(
    children.map(
      (child) =>
        new Promise((resolve) =>
          child.once("exit", (code) => {
            // One alone is no use.
            stop();
            resolve(code);
          }),
        ),
    ),
  );
  return codes.every((code) => code === null || code === 0);
}

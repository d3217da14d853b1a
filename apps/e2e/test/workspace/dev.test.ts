import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished, vi } from "vitest";
import { start } from "../execute.ts";
import { freePort } from "../ports.ts";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));

it("`npm run dev` answers as the sources of the mock and of the contract say, soon after they are changed", async () => {
  const copy = copyOfSources();
  const port = await freePort();
  const program = `import("./scripts/dev.mjs").then(({ dev }) => dev(["--port", "${port}"]))`;
  const dev = start(process.execPath, ["-e", program], { cwd: copy });
  onTestFinished(async () => {
    dev.kill();
    await dev;
  });
  const reason = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/client/api/v1/any-key/extend/order/auto`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        proxyType: "MOBILE",
        orderIds: ["11111"],
        rentPeriodDays: 30,
        autoExtend: true,
      }),
    });
    return { explanation: answer.headers.get("mock-explanation"), body: await answer.text() };
  };
  const shows = (text: string) =>
    vi.waitFor(async () => expect(JSON.stringify(await reason())).toContain(text), {
      timeout: 40_000,
      interval: 100,
    });
  await shows("has type IPv4");

  change(join(copy, "apps/mock-server/src/engine/operations/rules.ts"), "has type", "is surely of type");
  await shows("is surely of type IPv4");
  change(join(copy, "packages/core/src/contract/errors.ts"), "Incorrect orderIds", "Wrong orderIds");
  await shows("Wrong orderIds");
});

/** The members that `npm run dev` watches, with links to all that they have installed. */
function copyOfSources(): string {
  const copy = mkdtempSync(join(tmpdir(), "auto-extend-dev-"));
  onTestFinished(() => rmSync(copy, { recursive: true, maxRetries: 3 }));
  for (const path of ["package.json", "tsconfig.base.json", "scripts"]) {
    cpSync(join(checkout, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(checkout, "node_modules"), join(copy, "node_modules"));
  for (const folder of ["packages/core", "apps/mock-server", "apps/dashboard"]) {
    mkdirSync(join(copy, folder), { recursive: true });
    for (const name of readdirSync(join(checkout, folder))) {
      if (["node_modules", "test", "reports", ".turbo"].includes(name)) continue;
      cpSync(join(checkout, folder, name), join(copy, folder, name), { recursive: true });
    }
    linkInstalled(join(checkout, folder, "node_modules"), join(copy, folder, "node_modules"));
  }
  return copy;
}

/** The copy of the contract stands in for the installed one. */
function linkInstalled(from: string, to: string): void {
  mkdirSync(join(to, "@auto-extend"), { recursive: true });
  for (const name of readdirSync(from)) {
    if (!name.startsWith(".") && name !== "@auto-extend") symlinkSync(join(from, name), join(to, name));
  }
  symlinkSync("../../../../packages/core", join(to, "@auto-extend", "core"));
}

function change(file: string, from: string, to: string): void {
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replaceAll(from, to));
}

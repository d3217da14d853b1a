import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { startMockServer } from "@auto-extend/mock-server";
import { execa } from "execa";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, "utf8");
const block = (language: string) =>
  new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(read("README.md"))?.[1];

it("the README shows the answer that the reference documents", () => {
  expect(block("json")?.trim()).toBe(JSON.stringify(specOf(setAutoExtend).examples.requests.IPv4.success));
});

it("the README shows the example program, and that one runs", async () => {
  const program = read("examples/off.mjs");
  expect(program.slice(program.indexOf("\n") + 1)).toBe(block("js"));
  const mock = await startMockServer();
  try {
    const args = ["--input-type=module", "-e", program.replace("http://127.0.0.1:4010", mock.url)];
    const { stdout } = await execa("node", args, { cwd: root, stripFinalNewline: false });
    expect(stdout).toBe("IP addresses switched off: 1, balance: 5\n");
  } finally {
    await mock.close();
  }
});

it("the example program says in a line that no server is there, and prints no stack trace", async () => {
  const closed = await startMockServer();
  await closed.close();
  const program = read("examples/off.mjs").replace("http://127.0.0.1:4010", closed.url);
  const run = execa("node", ["--input-type=module", "-e", program], { cwd: root, reject: false });
  const { exitCode, stderr } = await run;
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^The server was not reached: .* Nothing was changed\.$/);
});

it("nothing that people paste makes npx fetch a package that is not ours", async () => {
  const { stdout } = await execa("git", ["ls-files", "*.md", "*/src/*.ts"], { cwd: root });
  const pasted = stdout
    .trim()
    .split("\n")
    .filter((file) => existsSync(`${root}${file}`))
    .flatMap((file) =>
      [...read(file).matchAll(/npx (-\S+ )*(\S*auto-extend[\w/-]*)/g)].map(([, , name]) => name),
    );
  expect(pasted.length).toBeGreaterThan(5);
  expect(new Set(pasted)).toEqual(new Set(["@auto-extend/cli", "@auto-extend/mock-server"]));
});

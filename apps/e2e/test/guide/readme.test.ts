import { existsSync, readFileSync } from "node:fs";
import { startMockServer } from "@auto-extend/mock-server";
import { execa } from "execa";
import { expect, it } from "vitest";
import { root } from "./blocks.js";

const read = (path: string) => readFileSync(`${root}${path}`, "utf8");

it("the README is short enough to be read at once", () => {
  expect(read("README.md").trim().split("\n").length).toBeLessThanOrEqual(90);
});

it.each(["apps/mock-server", "packages/client", "packages/core", "packages/contract-tests", "packages/cli"])(
  "the README of %s fits on a screen or two",
  (folder) => {
    expect(read(`${folder}/README.md`).trim().split("\n").length).toBeLessThanOrEqual(90);
  },
);

it("the example program that the README names switches an order off", async () => {
  const mock = await startMockServer();
  try {
    const program = read("examples/off.mjs").replace("http://127.0.0.1:4010", mock.url);
    const { stdout } = await execa("node", ["--input-type=module", "-e", program], { cwd: root });
    expect(stdout).toBe("IP addresses switched off: 1, balance: 5");
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

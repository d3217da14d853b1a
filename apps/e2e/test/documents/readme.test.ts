import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startMockServer } from "@auto-extend/mock-server";
import { execa } from "execa";
import { expect, it } from "vitest";
import { describeWith } from "../debian-package.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, "utf8");
const readme = read("README.md");
const blocksIn = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "gs"))].map(([, text = ""]) => text);

it("the README is short enough to be read at once", () => {
  expect(readme.trim().split("\n").length).toBeLessThanOrEqual(90);
});

it("the program in the README runs, and so does the example that it names", async () => {
  const mock = await startMockServer();
  try {
    for (const program of [...blocksIn("js"), read("examples/off.mjs")]) {
      const args = ["--input-type=module", "-e", program.replace("http://127.0.0.1:4010", mock.url)];
      const { stdout } = await execa("node", args, { cwd: root, stripFinalNewline: false });
      expect(stdout).toBe("IP addresses switched off: 1, balance: 5\n");
    }
    expect(blocksIn("js")).toHaveLength(1);
  } finally {
    await mock.close();
  }
});

describeWith("curl", "the commands in the README", () => {
  const shownBy: Readonly<Record<string, string>> = {
    "npm start": "nothing: the quick start is what starts these tests",
    "curl -s": 'order "11111" has type IPv4, not IPv6',
    "npx @auto-extend/mock-server clock": "lost-answer",
    "export AUTO_EXTEND_API_KEY": "off",
  };

  it("are these", () => {
    expect(
      blocksIn("sh").map((block) => Object.keys(shownBy).find((start) => block.startsWith(start))),
    ).toEqual(Object.keys(shownBy));
  });

  it("run when they are pasted", async () => {
    const mock = await startMockServer();
    try {
      for (const block of blocksIn("sh").slice(1)) {
        const command = block
          .replaceAll("http://127.0.0.1:4010", mock.url)
          .replaceAll("npx @auto-extend/mock-server", "node apps/mock-server/bin/auto-extend-mock.js")
          // Nobody can answer the question here.
          .replaceAll("npx @auto-extend/cli on", "npx @auto-extend/cli on --yes")
          .replaceAll("npx @auto-extend/cli", "node packages/cli/bin/auto-extend.js");
        const env = { AUTO_EXTEND_MOCK_URL: mock.url };
        const { exitCode, stdout, stderr } = await execa("sh", ["-ec", command], {
          cwd: root,
          env,
          reject: false,
        });
        const shown = Object.entries(shownBy).find(([start]) => block.startsWith(start))?.[1];
        expect({ exitCode, printed: stdout + stderr }).toEqual({
          exitCode: 0,
          printed: expect.stringContaining(shown ?? "?"),
        });
      }
    } finally {
      await mock.close();
    }
  });
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

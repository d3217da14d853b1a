import { link, mkdir, open, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { run } from "@auto-extend/cli";
import { describe, expect, it } from "vitest";
import { checkSeparateFiles } from "../src/app/files.js";
import { runJson } from "./support/cli.js";
import { fileWith } from "./support/folder.js";
import { serveSuccess } from "./support/server.js";

const off = ["off", "--type", "IPv4", "--days", "30", "--no-preview", "--no-read-back"];

describe("a file with the API key", () => {
  it("gets no output added to it, by any command", async () => {
    const file = await fileWith("a-key\n");
    const handle = await open(file, "a");
    try {
      for (const command of ["balance", "orders", "periods", "doctor"]) {
        const io = {
          ...{ stdin: new PassThrough(), stderr: noOutput, env: {}, confirm: async () => false },
          stdout: { ...noOutput, fd: handle.fd },
        };
        const argv = [command, "--api-key-file", file, "--base-url", "http://127.0.0.1:9"];
        expect({ command, exitCode: await run(argv, io) }).toEqual({ command, exitCode: 2 });
      }
    } finally {
      await handle.close();
    }
  });
});

describe("a file of a run", () => {
  it.each(["stdout", "stderr"] as const)("cannot be the one that %s is added to", async (stream) => {
    const file = await fileWith("111\n");
    const output = await open(file, "a");
    const io = {
      stdin: new PassThrough(),
      stdout: noOutput,
      stderr: noOutput,
      [stream]: { ...noOutput, fd: output.fd },
    };
    for (const files of [
      { read: { "--file": file }, written: {} },
      { read: {}, written: { "--failures": file } },
    ]) {
      await expect(checkSeparateFiles(io, files)).rejects.toMatchObject({
        message: expect.stringContaining(`${stream} goes to ${file}, which is also named by --f`),
        details: { whatToDo: `Redirect ${stream} to another file.` },
      });
    }
    const others = { read: { "--file": await fileWith("") }, written: {} };
    await expect(checkSeparateFiles(io, others)).resolves.toBeUndefined();
    await output.close();
  });
});

describe("the refusal of a stream that leads to a file of the run", () => {
  const refuse = async (stream: "stdout" | "stderr" | "both", options: readonly string[]) => {
    const file = await fileWith("111\n");
    const output = await open(file, "a");
    const other: string[] = [];
    const bad = { write: (text: string) => void output.write(text), fd: output.fd };
    const good = { write: (text: string) => void other.push(text) };
    const exitCode = await run(["off", "--file", file, "--base-url", "http://127.0.0.1:9", ...options], {
      ...{ stdin: new PassThrough(), env: { AUTO_EXTEND_API_KEY: "a-key" }, confirm: async () => false },
      stdout: stream === "stderr" ? good : bad,
      stderr: stream === "stdout" ? good : bad,
    });
    await output.close();
    return { exitCode, other: other.join(""), left: await readFile(file, "utf8") };
  };

  it.each([
    ["stderr", []],
    ["stdout", []],
    ["stdout", ["--json"]],
    ["stderr", ["--json"]],
  ] as const)("goes to the other one, if it is %s with %j", async (stream, options) => {
    expect(await refuse(stream, options)).toEqual({
      ...{ exitCode: 2, left: "111\n" },
      other: expect.stringMatching(new RegExp(`${stream} goes to .*, which is also named by --file\\.`)),
    });
  });

  it("goes nowhere if it is both", async () => {
    expect(await refuse("both", [])).toEqual({ exitCode: 2, other: "", left: "111\n" });
  });
});

const noOutput = { write() {} };

describe("a file that a run writes", () => {
  it.each<[string, (paths: Paths) => string[]]>([
    [
      "the ledger, spelled otherwise",
      ({ ledger, dotted }) => ["--ledger", ledger, "--failures", dotted(ledger)],
    ],
    ["the ledger in other case", ({ ledger }) => ["--ledger", ledger, "--failures", ledger.toUpperCase()]],
    [
      "the ledger through a linked folder",
      ({ ledger, linked }) => ["--ledger", ledger, "--failures", linked(ledger)],
    ],
    [
      "the ledger, as a dangling link to it",
      ({ ledger, dangling }) => ["--ledger", ledger, "--failures", dangling],
    ],
    ["the input", ({ input }) => ["--failures", input]],
    ["the input, spelled otherwise", ({ input, dotted }) => ["--failures", dotted(input)]],
    ["a hard link to the input", ({ hard }) => ["--failures", hard]],
    ["a link to the input", ({ soft }) => ["--failures", soft]],
    ["the API key's file", ({ key }) => ["--api-key-file", key, "--failures", key]],
  ])("cannot be %s", async (_, options) => {
    const server = await serveSuccess();
    const paths = await makePaths();
    const argv = [...off, "--file", paths.input, "--base-url", server.url, ...options(paths)];
    const { exitCode, error } = await runJson(argv);
    expect({ exitCode, message: error?.message }).toEqual({
      exitCode: 2,
      message: expect.stringMatching(/^--[\w-]+ and --[\w-]+ name the same file/),
    });
    expect(server.seen).toEqual([]);
    expect(await readFile(paths.input, "utf8")).toBe("111\n");
    expect(await readFile(paths.key, "utf8")).toBe("a-secret-key\n");
  });

  it("is the one to rename, also if it is a ledger that the run continues", async () => {
    const { ledger } = await makePaths();
    const argv = ["off", "--resume", ledger, "--failures", ledger, "--base-url", "http://127.0.0.1:9"];
    expect((await runJson(argv)).error?.whatToDo).toBe("Name another file with --failures.");
  });

  it("can be a device that is read and written", async () => {
    const server = await serveSuccess();
    const argv = [...off, "111", "--base-url", server.url, "--failures", "/dev/null"];
    expect(await runJson(argv)).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ["undo", (file: string) => ["undo", file, "--ledger", file]],
    ["undo with failures", (file: string) => ["undo", file, "--failures", file]],
    ["forecast", (file: string) => ["forecast", "--file", file, "--html", file]],
    ["verify", (file: string) => ["verify", "--api-key-file", file, "--junit", file]],
  ])("cannot be what %s reads", async (_, argv) => {
    const file = await fileWith("111\n");
    const { exitCode, error } = await runJson([...argv(file), "--base-url", "http://127.0.0.1:9"]);
    expect({ exitCode, message: error?.message }).toEqual({
      exitCode: 2,
      message: expect.stringContaining("name the same file"),
    });
    expect(await readFile(file, "utf8")).toBe("111\n");
  });
});

type Paths = Awaited<ReturnType<typeof makePaths>>;

async function makePaths() {
  const input = await fileWith("111\n", "orders.csv");
  const folder = dirname(input);
  const key = await fileWith("a-secret-key\n", "key");
  const ledger = join(folder, "run.jsonl");
  const [hard, soft, dangling] = [
    join(folder, "hard.csv"),
    join(folder, "soft.csv"),
    join(folder, "dangling"),
  ];
  await link(input, hard);
  await symlink(input, soft);
  await symlink(ledger, dangling);
  await mkdir(join(folder, "sub"));
  const linkedFolder = join(dirname(key), "linked");
  await symlink(folder, linkedFolder);
  return {
    ...{ input, key, ledger, hard, soft, dangling },
    dotted: (file: string) => join(dirname(file), "sub").concat("/../", file.slice(dirname(file).length + 1)),
    linked: (file: string) => join(linkedFolder, file.slice(dirname(file).length + 1)),
  };
}

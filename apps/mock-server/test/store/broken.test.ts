import { execFileSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { runProgram } from "../support/program.js";
import { post, type saved, startMock, stateFolder } from "./folder.js";

/** The text of a good state file with two accounts. */
async function goodText(): Promise<string> {
  const { file } = await stateFolder();
  const mock = await startMock({ stateFile: file });
  await post(mock, "my-key");
  await mock.close();
  return readFile(file, "utf8");
}

/** A good state with one thing changed. */
async function changed(change: (state: Awaited<ReturnType<typeof saved>>) => void): Promise<string> {
  const state = JSON.parse(await goodText());
  change(state);
  return JSON.stringify(state);
}

const cases: Record<string, [() => Promise<string>, ...says: string[]]> = {
  "is cut short": [async () => (await goodText()).slice(0, 900), "is not valid JSON", "(line 4, column"],
  "is empty": [async () => "", "is not valid JSON: it is empty."],
  "is something else": [async () => "[1, 2]", "is not a state file of this mock"],
  "is of a later version": [
    () => changed((state) => Object.assign(state, { version: 3 })),
    "is of version 3, and this mock reads version 2",
    "Use the version of the mock that wrote it",
  ],
  "is of the first version, which had salted hashes of all API keys": [
    async () =>
      JSON.stringify({
        format: "auto-extend-mock-state",
        version: 1,
        keys: { salt: "canary" },
        accounts: [],
      }),
    "is of version 1, and this mock reads version 2",
    "To start over, move it away or delete it",
  ],
  "has an API key in place of its hash": [
    () => changed((state) => Object.assign(state, { keyHashes: { "canary-1a2b3c4d": "default" } })),
    "12 hexadecimal digits",
  ],
  "is a world file": [async () => '{"version":1,"accounts":[]}', "is a world file", "Pass it as the world"],
  "lacks a field": [() => changed((state) => delete state.renewals), "renewals: is required"],
  "has a field more": [() => changed((state) => Object.assign(state, { log: [] })), 'unknown field "log"'],
  "has an account that is not an object": [
    () => changed(({ accounts }) => Object.assign(accounts[1], { balance: "5" })),
    "accounts[1].balance: must be a number, not a string",
  ],
  "has an address that ends at no date": [
    () =>
      changed(({ accounts }) =>
        Object.assign(accounts[0].orders[2].ipAddresses[0], { endsAt: "2030-13-30T00:00:00Z" }),
      ),
    "accounts[0].orders[2].ipAddresses[0].endsAt: is not a date",
  ],
  "has an account twice": [
    () => changed(({ accounts }) => Object.assign(accounts[1], { id: "default" })),
    "accounts[1].id: was used before",
  ],
  "has an account that is like none": [
    () => changed(({ accounts }) => Object.assign(accounts[1], { like: accounts[1].id })),
    "accounts[1].like: must be an account that has all its orders",
  ],
  "has an account with orders that the one it is like has not": [
    () => changed(({ accounts }) => accounts[0].orders.shift()),
    'accounts[1].orders: must be orders that account "default" has, too',
  ],
  "has an API key": [
    () => changed(({ accounts }) => Object.assign(accounts[1], { apiKey: "canary-1a2b3c4d" })),
    "accounts[1].apiKey: must not be here",
  ],
  "has a clock that can't be": [
    () => changed(({ clock }) => Object.assign(clock, { frozenAt: 1e18 })),
    "clock.frozenAt: ",
  ],
  "has very many problems": [
    () => changed((state) => Object.assign(state, { accounts: Array(50).fill({}) })),
    "has 250 problems:",
    "and 240 more",
  ],
};

describe("a state file that is broken", () => {
  it.each(Object.entries(cases))(
    "%s: the mock says where, and leaves it as it was",
    async (_, [text, ...says]) => {
      const { file, names } = await stateFolder();
      const broken = await text();
      await writeFile(file, broken);
      const started = startMock({ stateFile: file });
      await expect(started).rejects.toMatchObject({ name: "StateFileError" });
      const { message } = await started.catch((error) => error);
      expect(message).toContain(`The state file ${file} `);
      for (const said of [...says, "It was left as it is."]) expect(message).toContain(said);
      expect(message).not.toContain("canary");
      expect(await readFile(file, "utf8")).toBe(broken);
      expect(await names()).toEqual(["state.json"]);
    },
  );

  it("may be a folder, which is refused", async () => {
    const { file } = await stateFolder();
    await mkdir(file);
    await expect(startMock({ stateFile: file })).rejects.toThrow(
      `${file} can't be used: it is a folder (EISDIR).`,
    );
  });

  it.skipIf(process.platform === "win32")(
    "may be a pipe or a device, which is refused without waiting for somebody who writes",
    async () => {
      const { file } = await stateFolder();
      execFileSync("mkfifo", [file]);
      for (const path of [file, "/dev/null"]) {
        await expect(startMock({ stateFile: path })).rejects.toThrow(
          `${path} can't be used: it is a pipe, a socket or a device.`,
        );
      }
    },
  );

  it.skipIf(process.platform === "win32")("is lost to a pipe in its place, without reading it", async () => {
    const { file } = await stateFolder();
    const mock = await startMock({ stateFile: file, onStateTrouble: () => {} });
    await rm(file);
    execFileSync("mkfifo", [file]);
    await post(mock, "my-key");
    await expect(mock.close()).rejects.toThrow(
      `Another mock or program has changed the state file ${file}. Changes since the last write are lost.`,
    );
  });

  it("may have a byte order mark and other white space", async () => {
    const { file } = await stateFolder();
    await writeFile(file, `\uFEFF${JSON.stringify(JSON.parse(await goodText()), null, 2)}`);
    expect((await startMock({ stateFile: file })).state().accounts).toHaveLength(2);
  });
});

describe("auto-extend-mock --state", () => {
  it("ends with 2 and says where the file is broken", async () => {
    const { file } = await stateFolder();
    await writeFile(file, '{\n "format": broken');
    const { code, err } = await ended(["--state", file]);
    expect(code).toBe(2);
    expect(err).toContain(`The state file ${file} is not valid JSON: unexpected text (line 2, column 12).`);
    expect(err).toContain("To start over, move it away or delete it.");
    expect(err).not.toContain("Resumed");
  });

  it("says that the state was resumed, and what a reset restores", async () => {
    const { file } = await stateFolder();
    expect((await ended(["--state", file])).err).toBe("");
    const { code, err } = await ended(["--state", file]);
    expect([code, err]).toEqual([0, `Resumed the state from ${file}. A reset restores the default world.\n`]);
  });

  it("reads the path from the environment", async () => {
    const { folder } = await stateFolder();
    const { code, err } = await ended([], { AUTO_EXTEND_MOCK_STATE: `${folder}/none/state.json` });
    expect(code).toBe(2);
    expect(err).toContain("its folder does not exist");
  });
  it("says in its help which of world and state file takes precedence", async () => {
    const { out } = await ended(["--help"]);
    expect(out.replace(/\s+/g, " ")).toContain("if it exists, it takes precedence over --world");
  });
});

/** Runs the program, which is not to get as far as serving. */
function ended(argv: string[], env: Record<string, string> = {}) {
  return runProgram([...argv, "--port", "0"], { env, stop: AbortSignal.abort() });
}

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stateOf } from "./counting.js";
import { type Ended, killPrograms, type Program, startProgram, tryProgram } from "./program.js";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "auto-extend-state-"));
  file = join(folder, "state.json");
  return () => rm(folder, { recursive: true });
});
afterEach(killPrograms);

/** Makes accounts of these numbers, one for each API key, and returns their IDs. */
async function call(url: string, from: number, to: number): Promise<(string | null)[]> {
  const accounts: (string | null)[] = [];
  const [path, body] = [
    setAutoExtend.path,
    JSON.stringify(specOf(setAutoExtend).examples.requests.IPv4.request),
  ];
  for (let number = from; number <= to; number += 1) {
    const target = url + path.replace("{apiKey}", `key-${number}`);
    const headers = { "content-type": "application/json" };
    const response = await fetch(target, { method: "POST", headers, body });
    accounts.push(response.headers.get("mock-account"));
  }
  return accounts;
}

describe("auto-extend-mock --state", () => {
  it("continues after it was stopped, and after it was killed", async () => {
    const first = await startProgram(["--state", file]);
    const [, second1, third1] = await call(first.url, 1, 3);
    expect(await first.stop()).toBe(0);
    const second = await startProgram(["--state", file]);
    expect((await stateOf(second.url)).accounts).toHaveLength(4);
    const [second2, third2, fourth2] = await call(second.url, 2, 4);
    expect([second2, third2]).toEqual([second1, third1]);
    await sleep(900);
    await second.kill();
    const third = await startProgram(["--state", file]);
    expect((await call(third.url, 1, 5))[3]).toBe(fourth2);
    expect((await stateOf(third.url)).accounts).toHaveLength(6);
    expect(await third.stop()).toBe(0);
    expect(await readdir(folder)).toEqual(["state.json"]);
  });

  it("belongs to the mock that was started last: the other one says so, and leaves it alone", async () => {
    const first = await startProgram(["--state", file]);
    const second = await startProgram(["--state", file]);
    await vi.waitFor(() => expect(first.stderr()).not.toBe(""), 20_000);
    expect(first.stderr()).toBe(
      `Another mock or program has changed the state file ${file}. This mock no longer writes it, and answers requests that change the state with 503. Stop this mock, or restart it to use the file. To keep its state, move the file away: it is written again.\n`,
    );
    await call(second.url, 1, 2);
    expect(await second.stop()).toBe(0);
    const text = await readFile(file, "utf8");
    expect(await first.stop()).toBe(0);
    expect(await readFile(file, "utf8")).toBe(text);
  });

  it("is whole, and belongs to one of them, after several mocks started at the same time", async () => {
    await (await startProgram(["--state", file])).kill();
    const programs = await Promise.all(Array.from({ length: 4 }, () => startProgram(["--state", file])));
    await vi.waitFor(() => expect(programs.filter(({ stderr }) => stderr() === "")).toHaveLength(1), 20_000);
    for (const program of programs) expect(await program.stop()).toBe(0);
    await (await startProgram(["--state", file])).stop();
    expect(await readdir(folder)).toEqual(["state.json"]);
  });

  it.skipIf(process.platform === "win32")(
    "keeps serving if the disk is full, says so once, and ends with 1 if it stays full",
    async () => {
      const limited = await tryProgram(["--state", file], { fileLimit: 8 });
      if (isEnded(limited)) throw new Error(limited.stderr);
      await call(limited.url, 1, 5);
      const copies = async () => JSON.parse(await readFile(file, "utf8")).copies;
      await vi.waitFor(async () => expect(await copies()).toHaveLength(5), 20_000);
      await call(limited.url, 6, 40);
      await vi.waitFor(() => expect(limited.stderr()).not.toBe(""), 20_000);
      // On a busy machine, a write that still fits comes between those calls.
      const whole = await readFile(file, "utf8");
      expect((await copies()).length).toBeLessThan(40);
      await call(limited.url, 41, 42);
      await sleep(1_500);
      expect(limited.stderr()).toBe(
        `The state can't be written to ${file}: the file would be too large for this system (EFBIG). The mock keeps serving and retries.\n`,
      );
      expect(await limited.stop()).toBe(1);
      expect(limited.stderr()).toContain("(EFBIG). Changes since the last write are lost.\n");
      // Not the beginning of the new state, but the old one, whole.
      expect(await readFile(file, "utf8")).toBe(whole);
      expect(await readdir(folder)).toEqual(["state.json"]);
    },
  );
});

function isEnded(program: Program | Ended): program is Ended {
  return !("url" in program);
}

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

/** Makes accounts of these numbers, one for each API key. */
async function call(url: string, from: number, to: number): Promise<void> {
  const [path, body] = [
    setAutoExtend.path,
    JSON.stringify(specOf(setAutoExtend).examples.requests.IPv4.request),
  ];
  for (let number = from; number <= to; number += 1) {
    const target = url + path.replace("{apiKey}", `key-${number}`);
    const headers = { "content-type": "application/json" };
    expect((await fetch(target, { method: "POST", headers, body })).headers.get("mock-account")).toBe(
      `account-${number}`,
    );
  }
}

describe("auto-extend-mock --state", () => {
  it("goes on after it was stopped, and after it was killed", async () => {
    const first = await startProgram(["--state", file]);
    await call(first.url, 1, 3);
    expect(await first.stop()).toBe(0);
    const second = await startProgram(["--state", file]);
    expect((await stateOf(second.url)).accounts).toHaveLength(4);
    await call(second.url, 2, 4);
    await sleep(900);
    await second.kill();
    const third = await startProgram(["--state", file]);
    await call(third.url, 1, 5);
    expect(await third.stop()).toBe(0);
    expect(await readdir(folder)).toEqual(["state.json"]);
  });

  it("is for one process at a time, and tells which has the file", async () => {
    const first = await startProgram(["--state", file]);
    const second = await tryProgram(["--state", file]);
    expect(second).toMatchObject({ code: 1 });
    expect(isEnded(second) && second.stderr).toContain(
      `The state file ${file} is in use by another mock: process ${first.pid}.`,
    );
  });

  it("is taken over by one, of several that start after it was killed", async () => {
    for (let round = 0; round < 3; round += 1) {
      await (await startProgram(["--state", file])).kill();
      const tries = await Promise.all(Array.from({ length: 4 }, () => tryProgram(["--state", file])));
      const [winner, ...others] = tries.filter((each): each is Program => !isEnded(each));
      for (const each of [winner, ...others]) await each?.stop();
      expect(others).toEqual([]);
      for (const loser of tries.filter(isEnded)) {
        expect(loser.code).toBe(1);
        expect(loser.stderr).toContain("is in use by another mock");
      }
    }
  });

  it.skipIf(process.platform === "win32")(
    "goes on serving where the disk is full, says so once, and ends with 1 if it stays full",
    async () => {
      const limited = await tryProgram(["--state", file], { fileLimit: 8 });
      if (isEnded(limited)) throw new Error(limited.stderr);
      await call(limited.url, 1, 5);
      await vi.waitFor(async () => expect(await readFile(file, "utf8")).toContain("account-5"), 3_000);
      const whole = await readFile(file, "utf8");
      await call(limited.url, 6, 40);
      await vi.waitFor(() => expect(limited.stderr()).not.toBe(""), 3_000);
      await call(limited.url, 41, 42);
      await sleep(1_500);
      expect(limited.stderr()).toBe(
        `The state can't be written to ${file}: files may not become that large here (EFBIG). The mock goes on serving, and tries again.\n`,
      );
      expect(await limited.stop()).toBe(1);
      expect(limited.stderr()).toContain("(EFBIG). What has changed since the last write is lost.\n");
      // Not the beginning of the new state, but the old one, whole.
      expect(await readFile(file, "utf8")).toBe(whole);
      expect(await readdir(folder)).toEqual(["state.json"]);
    },
  );
});

function isEnded(program: Program | Ended): program is Ended {
  return !("url" in program);
}

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { killPrograms, startProgram } from "./program.js";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "auto-extend-state-"));
  file = join(folder, "state.json");
  return () => rm(folder, { recursive: true });
});
afterEach(killPrograms);

async function call(url: string, from: number, to: number): Promise<void> {
  const body = JSON.stringify(specOf(setAutoExtend).examples.requests.IPv4.request);
  const headers = { "content-type": "application/json" };
  for (let number = from; number <= to; number += 1) {
    const target = url + setAutoExtend.path.replace("{apiKey}", `key-${number}`);
    await fetch(target, { method: "POST", headers, body });
  }
}

// Who has the file when several mocks use it, the tests of the mock prove in one process.
describe("auto-extend-mock --state", () => {
  it.skipIf(process.platform === "win32")(
    "keeps serving if the disk is full, says so once, and ends with 1 if it stays full",
    async () => {
      const limited = await startProgram(["--state", file], { fileLimit: 8 });
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

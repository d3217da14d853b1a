import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FaultSpec, type MockServer, startMockServer } from "@auto-extend/mock-server";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { debianPackages } from "../../../../scripts/debian-packages.mjs";
import { describeWith } from "../debian-package.js";
import { root } from "./blocks.js";

const built = join(mkdtempSync(join(tmpdir(), "auto-extend-languages-")), "switch");
const languages = [
  ["python3", "Python", "python3 examples/languages/switch.py"],
  ["php-cli", "PHP", "php examples/languages/switch.php"],
  // Built once: `go run` would build it again for each run. docs/languages.md runs it like that.
  ["golang-go", "Go", built],
] as const;

/** A fault of each kind that a program can tell from others, and none for which all attempts together would wait long. */
const kinds = [
  ...[
    "error",
    "drift-error-text",
    "drift-error-null",
    "drift-number-strings",
    "drift-missing",
    "empty-object",
  ],
  ...["rate-limited", "server-error", "refused-503", "html-200", "not-json", "empty", "gzip", "gzip-broken"],
  ...["reset", "closed", "truncated", "lost-request"],
];

let mock: MockServer;
beforeAll(async () => {
  if (!debianPackages["golang-go"]) return;
  await execa("go", ["build", "-o", built, "examples/languages/switch.go"], { cwd: root });
});
beforeEach(async () => {
  await mock?.close();
  mock = await startMockServer();
});
afterAll(async () => {
  await mock.close();
  rmSync(join(built, ".."), { recursive: true, force: true });
});

/** Each API key has orders and faults of its own, so programs can run at the same time. */
function run(command: string, apiKey = "any-key") {
  const env = { AUTO_EXTEND_BASE_URL: mock.url, AUTO_EXTEND_API_KEY: apiKey };
  return execa("sh", ["-c", command], { cwd: root, env, reject: false, all: true });
}

describe.each(languages)("with the Debian package %s", (name, language, program) => {
  describeWith(name, `the program in ${language}`, () => {
    it("sends the request again after answers that are lost", async () => {
      mock.faults.add({ preset: "lost-answer", times: 2 });
      const { stdout } = await run(`${program} on IPv4 11111`);
      expect(stdout).toBe("IP addresses switched on: 1");
      expect(mock.requests()).toHaveLength(3);
    });

    it("says that the outcome is unknown if nothing ever answers", async () => {
      mock.faults.add({ preset: "gateway-502", times: 9 });
      const { exitCode, stderr } = await run(`${program} on IPv4 11111`);
      expect(exitCode).toBe(1);
      expect(stderr).toContain("Whether anything was changed is unknown");
    });

    it("ends every kind of fault that stays with one line that is true", async () => {
      const ends = await Promise.all(
        kinds.map(async (preset) => {
          mock.faults.add({ preset, times: null } as FaultSpec, { apiKey: preset });
          const { exitCode, all: printed } = await run(`${program} on IPv4 11111`, preset);
          const [order] = mock.state({ apiKey: preset }).accounts[0]?.orders ?? [];
          return { preset, exitCode, printed, isOn: order?.ipAddresses[0]?.autoExtend };
        }),
      );
      expect(ends.filter((end) => !isTrue(end))).toEqual([]);
    });

    it("does not follow a redirect, which would hand the key to another host", async () => {
      const reached: unknown[] = [];
      const other = createServer(({ url }, response) => {
        reached.push(url);
        response.setHeader("content-type", "application/json").end('{"success":true,"quantity":1}');
      }).listen(0, "127.0.0.1");
      await once(other, "listening");
      const to = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
      const ends = await Promise.all(
        ([302, 307, 308] as const).map((status) => {
          mock.faults.add(
            { preset: "redirect", options: { status, to }, times: null },
            { apiKey: `${status}` },
          );
          return run(`${program} on IPv4 11111`, `${status}`);
        }),
      );
      other.close();
      expect(ends.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
      expect(ends[0]?.all).toContain("Whether anything was changed is unknown");
      expect(reached).toEqual([]);
    });
  });
});

function isTrue(end: {
  exitCode?: number | undefined;
  printed: string;
  isOn?: boolean | undefined;
}): boolean {
  const { exitCode, printed, isOn } = end;
  if (/^IP addresses switched on: \d+$/.test(printed)) return exitCode === 0 && isOn === true;
  if (exitCode !== 1) return false;
  if (/^The server refused the request with HTTP 4\d\d\. Nothing was changed\.$/.test(printed)) return !isOn;
  if (/^Refused with error -?\d+: .+$/.test(printed)) return !isOn;
  return printed === "There was no usable answer. Whether anything was changed is unknown: list your orders.";
}

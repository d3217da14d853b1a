import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { canaries, expectNoCanary } from "./secrets.js";

const { request } = specOf(setAutoExtend).examples.requests.IPv4;

async function startMock(options: Parameters<typeof startMockServer>[0] = {}): Promise<MockServer> {
  const mock = await startMockServer(options);
  onTestFinished(() => mock.close());
  return mock;
}

describe("an API key of the mock", () => {
  it.each(canaries)("stays out of its state, its log and its control API (%s)", async (apiKey) => {
    const seen: unknown[] = [];
    const mock = await startMock({ apiKeys: [apiKey], onRequest: (entry) => seen.push(entry) });
    const target = `${mock.url}/client/api/v1/${encodeURIComponent(apiKey)}`;
    const post = (path: string, body: string) =>
      fetch(target + path, { method: "POST", headers: { "content-type": "application/json" }, body });
    const answers = [
      await post("/extend/order/auto", JSON.stringify(request)),
      await post("/extend/order/auto", JSON.stringify({ ...request, orderIds: [apiKey], [apiKey]: apiKey })),
      await post("/extend/order/auto", `{"${apiKey}`),
      await post(`/extend/order/${encodeURIComponent(apiKey)}`, "{}"),
      await fetch(`${mock.url}/__mock/nothing?key=${encodeURIComponent(apiKey)}`),
    ];
    for (const answer of answers) expectNoCanary(await answer.text(), JSON.stringify([...answer.headers]));
    for (const path of ["/__mock/state", "/__mock/requests", "/__mock/health", "/openapi.json", "/docs"]) {
      expectNoCanary(await (await fetch(mock.url + path)).text());
    }
    expectNoCanary(...[mock.state(), mock.requests(), seen, mock].map(inspected));
    expect(mock.requests()).toHaveLength(4);
  });

  // Of a key in broken JSON the mock knows nothing, so it could not find it, nor a part of it: it must not quote. That the
  // control API does not, the mock's own tests prove.
  it("stays out of what is printed of a world file that is broken JSON", async () => {
    const folder = await mkdtemp(join(tmpdir(), "auto-extend-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "world.json");
    await writeFile(file, `{"version":1,"accounts":[{"apiKey":${canaries[0]}}]}`);
    const { code, printed } = await runMock(["--port", "0", "--world", file]);
    expect(code).toBe(2);
    expect(printed).toContain(file);
    expect(printed).not.toContain("canary");
  });
});

async function runMock(argv: readonly string[]): Promise<{ code: number | undefined; printed: string }> {
  const manifest = createRequire(import.meta.url).resolve("@auto-extend/mock-server/package.json");
  const program = join(dirname(manifest), "bin", "auto-extend-mock.js");
  const { exitCode, all } = await execa("node", [program, ...argv], { all: true, reject: false });
  return { code: exitCode, printed: all };
}

/** Everything in a value that a careless program would print. */
function inspected(value: unknown): string {
  return inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true });
}

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type MockServer, type MockServerOptions, startMockServer } from "../../src/start-mock-server.js";
import { on } from "../support/call.js";

/** A folder of its own for a test, and the path of a state file in it. */
export async function stateFolder(): Promise<{
  folder: string;
  file: string;
  names: () => Promise<string[]>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "auto-extend-state-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { folder, file: join(folder, "state.json"), names: async () => (await readdir(folder)).sort() };
}

/** Starts a mock that is closed, at the latest, when the test is over. */
export async function startMock(options: MockServerOptions): Promise<MockServer> {
  const mock = await startMockServer(options);
  onTestFinished(() => mock.close().catch(() => {}));
  return mock;
}

/** Switches auto-extend of order 11111, or what is given, and gives back the answer. */
export async function post(mock: MockServer, apiKey: string, body: object = on): Promise<Answer> {
  const response = await fetch(`${mock.url}/client/api/v1/${encodeURIComponent(apiKey)}/extend/order/auto`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { account: response.headers.get("mock-account"), ...((await response.json()) as object) } as Answer;
}

interface Answer {
  readonly account: string | null;
  readonly success: boolean;
  readonly balance: number;
  readonly error: { readonly code: number } | null;
}

/** The content of a state file. */
export async function saved(file: string) {
  return JSON.parse(await readFile(file, "utf8"));
}

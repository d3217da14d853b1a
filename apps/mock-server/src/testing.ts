import { z } from "zod/v3";
import { readWith } from "./lib/schemas.js";
import { checkOptions } from "./mock-engine.js";
import { type MockServer, type MockServerOptions, startMockServer } from "./start-mock-server.js";

export type { MockServer, MockServerOptions };

/** A hook of a test runner: it takes a function that the runner calls and awaits. */
export type TestHook = (run: () => Promise<void>) => unknown;

/** The hooks that start, reset and close a mock server. */
export interface TestHooks {
  /** Before all tests: `beforeAll` in Vitest and Jest, `before` in node:test. */
  before: TestHook;
  /** Before each test: `beforeEach`. */
  beforeEach: TestHook;
  /** After all tests: `afterAll` in Vitest and Jest, `after` in node:test. */
  after: TestHook;
}

/**
 * Gives the tests of a file, or of the `describe` that it is called in, their own mock server: started before them, reset
 * before each, closed after them.
 *
 * ```ts
 * const mock = useMockServer({ before: beforeAll, beforeEach, after: afterAll });
 * ```
 *
 * The reset affects all tests, so they must run one after another. For tests that run at the same time, use
 * `startMockServer` and an API key per test.
 *
 * @returns the server, for use within tests and hooks. Elsewhere it is not running, and using it throws an Error.
 * @throws RangeError for hooks or options that are unknown, missing or invalid. If the server cannot start, the hook
 * `before` throws.
 */
export function useMockServer(hooks: TestHooks, options: MockServerOptions = {}): MockServer {
  readWith(
    hooksSchema,
    hooks,
    (problems) =>
      new RangeError(
        `The hooks can't be used: ${problems}. Pass { before: beforeAll, beforeEach, after: afterAll }.`,
      ),
  );
  checkOptions("server", options);
  let server: MockServer | undefined;
  hooks.before(async () => {
    server = await startMockServer(options);
  });
  // If the start failed, the error of `before` is enough.
  hooks.beforeEach(async () => server?.reset());
  hooks.after(async () => {
    await server?.close();
    server = undefined;
  });
  return standIn(() => server);
}

const hook = z.function();
const hooksSchema = z.strictObject({ before: hook, beforeEach: hook, after: hook });

/** Stands for a server that does not run yet, whatever it will be able to do. */
function standIn(find: () => MockServer | undefined): MockServer {
  return new Proxy({} as MockServer, {
    get(target, name) {
      const server = find();
      if (server) return Reflect.get(server, name);
      // `await` and printing look for these; to them this is an object like any other.
      if (typeof name === "symbol" || name === "then" || name in target) return Reflect.get(target, name);
      throw new Error(
        `mock.${name} is not available, because the mock server is not running. It starts before the first test and is closed after the last one. Use it inside a test or a hook, such as \`test("...", async () => { await fetch(mock.url); })\`. If this is inside one, the server could not start: see the error of the hook before all tests.`,
      );
    },
  });
}

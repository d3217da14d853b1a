import { type MockServer, type MockServerOptions, startMockServer } from "./start-mock-server.js";

export type { MockServer, MockServerOptions };

/** Takes a function that a test runner is to call, and to wait for: Vitest's, Jest's and node:test's hooks are such. */
export type TestHook = (run: () => Promise<void>) => unknown;

/** The hooks of a test runner that a mock server lives by. */
export interface TestHooks {
  /** Before all tests: `beforeAll` in Vitest and Jest, `before` in node:test. */
  before: TestHook;
  /** Before each test: `beforeEach`. */
  beforeEach: TestHook;
  /** After all tests: `afterAll` in Vitest and Jest, `after` in node:test. */
  after: TestHook;
}

/**
 * Gives the tests of a file, or of the `describe` that it is called in, a mock server of their own: started before them,
 * reset before each, closed after them.
 *
 * ```ts
 * const mock = useMockServer({ before: beforeAll, beforeEach, after: afterAll });
 * ```
 *
 * Since the reset is everyone's, it suits tests that run one after another. Those that run at the same time take
 * `startMockServer` and an API key each.
 *
 * @returns the server, to be used within tests and hooks. Anywhere else there is none: it throws an Error that says so.
 * What keeps the server from starting is thrown by the hook `before`.
 */
export function useMockServer(hooks: TestHooks, options: MockServerOptions = {}): MockServer {
  let server: MockServer | undefined;
  hooks.before(async () => {
    server = await startMockServer(options);
  });
  // Where the start has failed, its error is the one to be seen: these two add none.
  hooks.beforeEach(async () => server?.reset());
  hooks.after(async () => {
    await server?.close();
    server = undefined;
  });
  return standIn(() => server);
}

/** Stands for a server that is not there yet, whatever that server will be able to do. */
function standIn(find: () => MockServer | undefined): MockServer {
  return new Proxy({} as MockServer, {
    get(target, name) {
      const server = find();
      if (server) return Reflect.get(server, name);
      // What `await` and printing look for: to them it is an object like any other.
      if (typeof name === "symbol" || name === "then" || name in target) return Reflect.get(target, name);
      throw new Error(
        `There is no mock.${name}, for the mock server isn't running: it starts before the first test and is closed after the last. Use it inside a test or a hook, such as \`test("...", async () => { await fetch(mock.url); })\`. If this is inside one, it could not start: see the error of the hook before all tests.`,
      );
    },
  });
}

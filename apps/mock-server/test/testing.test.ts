import { describe, expect, it } from "vitest";
import { type TestHooks, useMockServer } from "../src/testing.js";

const none = () => {};
const hooks: TestHooks = { before: none, beforeEach: none, after: none };

describe("a mock for tests", () => {
  it.each([
    [
      { beforeAll: none, beforeEach: none, after: none },
      'Unknown hook "beforeAll". Known: before, beforeEach, after.',
    ],
    [{ ...hooks, beforEach: none }, 'Unknown hook "beforEach". Did you mean "beforeEach"?'],
    [
      { before: none, beforeEach: none },
      'The hook "after" must be a function of the test runner. Pass { before: ',
    ],
    [{ ...hooks, before: true }, 'The hook "before" must be a function'],
    [undefined, 'The hook "before" must be a function'],
  ])("refuses the hooks %j", (given, message) => {
    expect(() => useMockServer(given as TestHooks)).toThrow(message);
  });

  it("refuses unknown options at once, and suggests the nearest one", () => {
    const misspelled = () => useMockServer(hooks, { worlds: {} } as object);
    expect(misspelled).toThrow('Unknown option "worlds". Did you mean "world"?');
  });
});

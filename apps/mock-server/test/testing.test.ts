import { describe, expect, it } from "vitest";
import { type TestHooks, useMockServer } from "../src/testing.js";

const none = () => {};
const hooks: TestHooks = { before: none, beforeEach: none, after: none };

describe("a mock for tests", () => {
  it.each([
    [
      { beforeAll: none, beforeEach: none, after: none },
      'unknown field "beforeAll" (known: before, beforeEach, after)',
    ],
    [{ ...hooks, beforEach: none }, 'unknown field "beforEach" (did you mean "beforeEach"?)'],
    [{ before: none, beforeEach: none }, "after: is required (a function). Pass { before: "],
    [{ ...hooks, before: true }, "before: must be a function"],
    [undefined, "is required (an object)"],
  ])("refuses the hooks %j", (given, message) => {
    expect(() => useMockServer(given as TestHooks)).toThrow(message);
  });

  it("refuses unknown options at once, and suggests the nearest one", () => {
    const misspelled = () => useMockServer(hooks, { worlds: {} } as object);
    expect(misspelled).toThrow('unknown option "worlds" (did you mean "world"?)');
  });
});

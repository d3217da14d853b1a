// Jest itself serves "@jest/globals" to the tests that it runs; these are types enough for them.
declare module "@jest/globals" {
  export { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
}

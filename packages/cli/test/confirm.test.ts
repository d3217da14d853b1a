import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { askOnTerminal } from "../src/confirm.js";

/** Asks; once the question is drawn, does something to the terminal, and hands back the answer. */
async function answerAfter(act: (input: PassThrough) => void, signal?: AbortSignal): Promise<boolean> {
  const input = new PassThrough();
  const output = new PassThrough();
  output.on("data", (drawn: Buffer) => {
    if (drawn.includes("Switch on?")) setImmediate(act, input);
  });
  return askOnTerminal("Switch on?", { input, output, ...(signal && { signal }) });
}

describe("the question on a terminal", () => {
  it.each([
    ["y", true],
    ["n", false],
    // What stands there first is no; Ctrl-C is no answer at all.
    ["\r", false],
    ["\u0003", false],
  ])("answered with %j is %s", async (typed, wanted) => {
    expect(await answerAfter((input) => input.write(typed))).toBe(wanted);
  });

  it("counts as no once it is interrupted", async () => {
    const interruption = new AbortController();
    expect(await answerAfter(() => interruption.abort(), interruption.signal)).toBe(false);
  });
});

import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { askOnTerminal } from "../src/confirm.js";

interface Asking {
  signal?: AbortSignal;
  /** Takes what is drawn. */
  drawn?: string[];
}

/** Asks; once the question is drawn, does something to the terminal, and hands back the answer. */
async function answerAfter(
  act: (input: PassThrough) => void,
  { signal, drawn = [] }: Asking = {},
): Promise<boolean> {
  const input = new PassThrough();
  const output = new PassThrough();
  let asked = false;
  output.on("data", (chunk: Buffer) => {
    drawn.push(chunk.toString());
    if (asked || !chunk.includes("Switch on?")) return;
    asked = true;
    setImmediate(act, input);
  });
  return askOnTerminal("Switch on?", { input, output, ...(signal && { signal }) });
}

describe("the question on a terminal", () => {
  it.each([
    ["yes\r", true],
    [" YES \r", true],
    ["y\r", false],
    ["no\r", false],
    ["\r", false],
    // Ctrl-C, Ctrl-D with and without a word before it, and Escape are no answer at all.
    ["\u0003", false],
    ["\u0004", false],
    ["yes\u0004", false],
    ["\u001b", false],
  ])("answered with %j is %s", async (typed, wanted) => {
    expect(await answerAfter((input) => input.write(typed))).toBe(wanted);
  });

  it("waits for Enter", async () => {
    let entered = false;
    const answered = answerAfter((input) => {
      input.write("yes");
      setTimeout(() => {
        entered = true;
        input.write("\r");
      }, 50);
    });
    expect(await answered.then((yes) => ({ yes, entered }))).toEqual({ yes: true, entered: true });
  });

  it("counts as no at the end of the input, and gives the cursor back", async () => {
    const drawn: string[] = [];
    expect(await answerAfter((input) => input.end(), { drawn })).toBe(false);
    const text = drawn.join("");
    expect(text.lastIndexOf("\u001b[?25h")).toBeGreaterThan(text.lastIndexOf("\u001b[?25l"));
  });

  it("counts as no once it is interrupted", async () => {
    const interruption = new AbortController();
    expect(await answerAfter(() => interruption.abort(), interruption)).toBe(false);
  });
});

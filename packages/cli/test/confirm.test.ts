import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { askOnTerminal } from "../src/app/confirm.js";

interface QuestionOptions {
  signal?: AbortSignal;
  /** Takes what is drawn. */
  drawn?: string[];
}

/** Asks; once the question is drawn, does something to the terminal, and hands back the answer. */
async function answerAfter(
  act: (input: PassThrough) => void,
  { signal, drawn = [] }: QuestionOptions = {},
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
    ["yes\n", true],
    [" YES \n", true],
    ["y\n", true],
    ["Y\r\n", true],
    ["no\n", false],
    ["yess\n", false],
    ["\n", false],
  ])("answered with %j is %s", async (typed, wanted) => {
    expect(await answerAfter((input) => input.write(typed))).toBe(wanted);
  });

  it("waits for Enter", async () => {
    let entered = false;
    const answered = answerAfter((input) => {
      input.write("ye");
      input.write("s");
      setTimeout(() => {
        entered = true;
        input.write("\n");
      }, 50);
    });
    expect(await answered.then((yes) => ({ yes, entered }))).toEqual({ yes: true, entered: true });
  });

  it.each(["", "yes"])("counts as no at the end of the input, also behind %j", async (typed) => {
    expect(await answerAfter((input) => input.end(typed))).toBe(false);
  });

  it("counts as no once it is interrupted", async () => {
    const interruption = new AbortController();
    const drawn: string[] = [];
    expect(
      await answerAfter(() => interruption.abort(), { ...interruption, signal: interruption.signal, drawn }),
    ).toBe(false);
    expect(drawn.join("")).toBe("Switch on? [y/N] ");
  });

  it("is shown again when the program continues after Ctrl-Z, until it is answered", async () => {
    const before = process.listenerCount("SIGCONT");
    const drawn: string[] = [];
    const act = (input: PassThrough) => {
      process.emit("SIGCONT");
      input.write("y\n");
    };
    expect(await answerAfter(act, { drawn })).toBe(true);
    expect(drawn.join("")).toBe("Switch on? [y/N] ".repeat(2));
    expect(process.listenerCount("SIGCONT")).toBe(before);
  });

  it("is not answered by what was typed before it", async () => {
    const input = new PassThrough();
    input.write("yes\n");
    const output = new PassThrough();
    output.on("data", () => setImmediate(() => input.write("no\n")));
    expect(await askOnTerminal("Switch on?", { input, output })).toBe(false);
  });
});

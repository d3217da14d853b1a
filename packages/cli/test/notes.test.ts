import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { createOutput } from "../src/app/context.js";

it("shows identical notes once, and counts them at the end", () => {
  let stderr = "";
  const sink = { write: (text: string) => (stderr += text) };
  const io = { stdin: Readable.from([]), stdout: sink, stderr: sink, env: {}, confirm: async () => false };
  const output = createOutput([], { io, options: { color: false } });
  const note = "The list of IP addresses has a record that cannot be read, which is not in any order.";
  output.context.note(note);
  output.context.note(note);
  output.context.note("Another one.");
  output.countNotes();
  expect(output.notes).toEqual([`${note} (2 times)`, "Another one."]);
  expect(stderr.split("\n").filter(Boolean)).toEqual([
    `note: ${note}`,
    "note: Another one.",
    `2 times in all: "The list of IP addresses has a record that cannot be read..."`,
  ]);
});

import { stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { fileWriter } from "../src/file-writer.js";

describe("a file that is written at the end", () => {
  it("is not -, which would make a file of that name", async () => {
    await expect(fileWriter("-", "--html")).rejects.toMatchObject({
      name: "UsageError",
      message: "--html takes a file, and - is none.",
      whatToDo: "Name a file with --html.",
    });
    await expect(stat("-")).rejects.toMatchObject({ code: "ENOENT" });
  });
});

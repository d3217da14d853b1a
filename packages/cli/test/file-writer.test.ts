import { stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { fileToWrite } from "../src/app/files.js";

describe("a file that is written at the end", () => {
  it("is not -, which would make a file of that name", async () => {
    await expect(fileToWrite("-", "--html")).rejects.toMatchObject({
      name: "UsageError",
      message: "--html needs a file path; - is not supported.",
      whatToDo: "Name a file with --html.",
    });
    await expect(stat("-")).rejects.toMatchObject({ code: "ENOENT" });
  });
});

import { expect, it } from "vitest";
import { runJson } from "./support/cli.js";
import { fileWith } from "./support/folder.js";

it("refuses a file that is read whole beyond 16 MiB: it is the wrong one", async () => {
  const file = await fileWith(new Uint8Array(16 * 1024 * 1024 + 1).fill(0x31), "key");
  const argv = ["off", "--type", "IPv4", "--days", "30", "111", "--api-key-file", file];
  expect(await runJson(argv)).toMatchObject({
    exitCode: 2,
    error: { message: `${file} is larger than 16 MiB.`, effect: "none" },
  });
});

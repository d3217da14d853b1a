import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A file in a folder of its own, gone when the test is over; its path is returned. */
export async function fileWith(content: string | Uint8Array, name = "orders.txt"): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "auto-extend-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "auto-extend-tests-";
let folder: string | undefined;

/**
 * The workers of Vitest end without an `exit` event, and with a browser that still runs, so not everything removes its
 * temporary folders. All folders of a run of tests are made in one, which goes at the end.
 */
export function setup(): void {
  // A run with several projects calls this for each of them.
  if (tmpdir().includes(prefix)) return;
  folder = mkdtempSync(join(tmpdir(), prefix));
  // Programs that run as another user come through, as in the folder of the system.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
}

export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The programs remove their temporary folders on `exit`, an event that the workers of Vitest end without. So all
// folders of these tests are made in one, which goes at the end.
const folder = mkdtempSync(join(tmpdir(), "auto-extend-bench-tests-"));

export function setup() {
  process.env.TMPDIR = folder;
}

export function teardown() {
  rmSync(folder, { recursive: true, force: true });
}

import { readFileSync } from "node:fs";
import type { World } from "../engine/state/world.js";
import { jsonErrorPosition } from "../lib/text.js";

/** A world file that can't be read. */
export class WorldFileError extends Error {
  override readonly name = "WorldFileError";
}

/**
 * Reads a world file; what is in it is checked where the mock is made of it.
 *
 * @throws WorldFileError where there is no such file, or no JSON in it.
 */
export function readWorldFile(path: string): World {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? `there is no such file in ${process.cwd()}` : message;
    throw new WorldFileError(`The world file ${path} can't be read: ${why}.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new WorldFileError(`The world file ${path} is not valid JSON: ${jsonErrorPosition(text)}.`);
  }
}

// Lists the members of the workspace and reads their package.json files.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {string[]} [files]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string | { default: string }>} [exports]
 * @property {unknown} [repository]
 * @property {unknown} [homepage]
 * @property {unknown} [bugs]
 */

/**
 * Lists the members of a checkout.
 *
 * @param {string} checkout its top folder
 */
export function members(checkout) {
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(join(checkout, group)).map((name) => join(checkout, group, name)))
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => ({ folder, manifest: readManifest(folder) }));
}

/**
 * Reads the package.json of a folder.
 *
 * @param {string} folder
 * @returns {Manifest}
 */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

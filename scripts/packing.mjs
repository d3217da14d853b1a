// Packs the packages as a release does, and checks the tarballs for anything that must not be published.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { members, readManifest } from "./members.mjs";
import { run } from "./toolchain.mjs";

/**
 * @typedef {object} Packed
 * @property {string} name
 * @property {string} version
 * @property {string} tarball path of the tarball
 * @property {string} folder the folder it is unpacked into
 * @property {string[]} files paths of its files, with forward slashes
 * @property {number} size size of the tarball in bytes
 */

/**
 * Packs every published package of a checkout and unpacks each tarball beside it. The packages must be built.
 *
 * @param {string} checkout its top folder
 * @param {string} destination an empty folder for the tarballs
 * @returns {Packed[]}
 */
export function packAll(checkout, destination) {
  const published = members(checkout).flatMap(({ manifest }) => (manifest.private ? [] : [manifest]));
  const filters = published.map(({ name }) => `--filter=${name}`);
  const args = ["--recursive", ...filters, "pack", "--pack-destination", destination];
  if (!run("pnpm", args, { cwd: checkout, quiet: true }))
    throw new Error("pnpm could not pack the packages.");
  return published.map(({ name, version }) => unpack(name, version, destination));
}

/**
 * @param {string} name
 * @param {string} version
 * @param {string} destination
 */
function unpack(name, version, destination) {
  const stem = name.replace("@", "").replace("/", "-");
  const file = `${stem}-${version}.tgz`;
  const folder = join(destination, stem);
  mkdirSync(folder);
  // The path is relative because some versions of tar on Windows take `C:` for a host name.
  if (!run("tar", ["-xzf", `../${file}`, "--strip-components=1"], { cwd: folder })) {
    throw new Error(`${file} could not be unpacked.`);
  }
  const tarball = join(destination, file);
  return { name, version, tarball, folder, files: filesIn(folder), size: statSync(tarball).size };
}

/** @param {string} folder */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, "/"),
    )
    .sort();
}

/**
 * The packages that cannot be published yet because they do not say where they come from.
 *
 * @param {string} checkout its top folder
 * @returns {string[]} a sentence for each
 */
export function placeholdersIn(checkout) {
  const readme = join(checkout, "README.md");
  const own = existsSync(readme) && readFileSync(readme, "utf8").includes("OWNER");
  const inPackages = members(checkout)
    .filter(({ manifest }) => !manifest.private)
    .flatMap(({ folder, manifest }) => {
      const { name, repository, homepage, bugs } = manifest;
      const ofPackage = readFileSync(join(folder, "README.md"), "utf8");
      const fields = Object.entries({ repository, homepage, bugs, "README.md": ofPackage });
      const open = fields.filter(([, value]) => !value || JSON.stringify(value).includes("OWNER"));
      if (open.length === 0) return [];
      const names = open.map(([field]) => field).join(", ");
      return [`${name}: put the real address of the repository in place of OWNER (${names})`];
    });
  return own ? [...inPackages, "README.md: put the real address of the site in place of OWNER"] : inPackages;
}

const required = ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"];
const unwanted =
  /(^|\/)(src|test|tests|scripts|reports|node_modules)\/|\.test\.|\.tsbuildinfo$|(?<!\.d)\.ts$/;

/**
 * Returns the problems that prevent a packed package from being published, as sentences to print.
 *
 * @param {Packed} packed
 * @param {readonly Packed[]} all all packages that are published together
 */
export function problemsOf({ name, version, folder, files }, all) {
  const manifest = readFileSync(join(folder, "package.json"), "utf8");
  const { name: packedName, version: packedVersion, dependencies = {} } = readManifest(folder);
  const versions = new Map(all.map((other) => [other.name, other.version]));
  return [
    ...required.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
    ...files.filter((file) => unwanted.test(file)).map((file) => `${file} must not be in the package`),
    ...["workspace:", "catalog:", "@auto-extend/source"]
      .filter((text) => manifest.includes(text))
      .map((text) => `package.json still contains "${text}", which only works inside the workspace`),
    ...(packedName === name && packedVersion === version
      ? []
      : [`its package.json says ${packedName} ${packedVersion}, expected ${name} ${version}`]),
    ...Object.entries(dependencies)
      .filter(([other]) => other.startsWith("@auto-extend/"))
      .filter(([other, range]) => range !== `^${versions.get(other)}`)
      .map(([other, range]) =>
        versions.has(other)
          ? `it depends on ${other} ${range}, but the version being published is ${versions.get(other)}`
          : `it depends on ${other}, which is not published`,
      ),
  ].map((problem) => `${name}: ${problem}`);
}

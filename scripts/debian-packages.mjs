// The programs that some tests need beside Node: they come as Debian packages, and a machine may be without them.
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const chromiums = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Where Chromium is on this machine; `undefined` if it is not installed. */
export const chromiumPath = process.env.CHROMIUM_PATH ?? chromiums.find((path) => existsSync(path));

/** Whether each package, or what it provides, is on this machine. */
export const debianPackages = {
  bash: isOnPath("bash"),
  bsdutils: isOnPath("script"),
  chromium: chromiumPath !== undefined,
  curl: isOnPath("curl"),
  fish: isOnPath("fish"),
  "golang-go": isOnPath("go"),
  "libopenapi-client-perl": existsSync("/usr/share/perl5/OpenAPI/Client.pm"),
  nginx: isOnPath("nginx"),
  "php-cli": isOnPath("php"),
  "php-curl": inFolders("/etc/php", "cli/conf.d/20-curl.ini"),
  python3: isOnPath("python3"),
  zsh: isOnPath("zsh"),
};

/**
 * The title of a suite that is skipped because a package is missing; {@link packageMissedBy} finds the package in it.
 *
 * @param {string} title
 * @param {string} name
 */
export function skippedTitle(title, name) {
  return `${title} (needs the Debian package ${name})`;
}

/**
 * The package that a skipped test needs; `undefined` if it was skipped for another reason.
 *
 * @param {string} title with those of its suites
 */
export function packageMissedBy(title) {
  return /\(needs the Debian package ([\w-]+)\)/.exec(title)?.[1];
}

/** @param {boolean} wanted */
export function packagesThatAre(wanted) {
  return Object.entries(debianPackages)
    .filter(([, isThere]) => isThere === wanted)
    .map(([name]) => name);
}

/** @param {string} program */
function isOnPath(program) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}

/**
 * Whether any folder in a folder, such as one for each version, has a file.
 *
 * @param {string} folder
 * @param {string} file
 */
function inFolders(folder, file) {
  return existsSync(folder) && readdirSync(folder).some((name) => existsSync(join(folder, name, file)));
}

// Started as a program, it prints what is to be installed.
if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(packagesThatAre(false).join(" "));

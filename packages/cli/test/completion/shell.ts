import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import { runCli } from "../support/cli.js";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** The offers of a shell. */
export interface Offer {
  readonly word: string;
  /** Empty where the shell shows none. */
  readonly description: string;
}

/** A script to try, and where. */
export interface Trial {
  readonly script: string;
  /** The folder to be in. */
  readonly folder: string;
}

/** A folder with some files in it, gone when the test is over. */
export async function folderWith(...files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "auto-extend-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const file of files) await writeFile(join(folder, file), "");
  return folder;
}

/** The offers of a shell after each of the lines, with the cursor at its end. */
export async function offersFor(
  lines: readonly string[],
  { shell, ...trial }: Trial & { readonly shell: Shell },
): Promise<Offer[][]> {
  const printed = await drivers[shell](`${lines.join("\n")}\n`, trial);
  return printed
    .split(/^END\n/m)
    .slice(0, -1)
    .map((block) => block.split("\n").filter(Boolean).map(offerIn));
}

/** Runs a program to its end, as a user without any configuration of their own. */
export async function runIn(folder: string, command: readonly string[], input = ""): Promise<string> {
  const [file = "", ...argv] = command;
  const options = { cwd: folder, env: environmentIn(folder), extendEnv: false, timeout: 60_000 };
  const { stdout, stderr } = await execa(file, argv, { ...options, input, stripFinalNewline: false });
  if (stderr) throw new Error(stderr);
  return stdout;
}

/** The environment of a user without any configuration of their own. */
export function environmentIn(folder: string): NodeJS.ProcessEnv {
  return {
    AUTO_EXTEND_TEST_PORT: String(port),
    PATH: `${programFolder()}:${process.env.PATH}`,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    XDG_DATA_HOME: folder,
    INPUTRC: "/dev/null",
    TERM: "xterm",
    LC_ALL: "C.UTF-8",
  };
}

/** A folder with an `auto-extend` that asks this process. */
function programFolder(): string {
  return fileURLToPath(new URL("../support/bin", import.meta.url));
}

/** Runs the program for the shells of this process; returns the port. */
async function servePrograms(): Promise<number> {
  const server = createServer((socket) => {
    let received = "";
    socket.on("data", async (chunk) => {
      received += chunk;
      const [count, ...argv] = received.split("\0").slice(0, -1);
      if (count !== undefined && argv.length === Number(count)) socket.end((await runCli(argv)).stdout);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return (server.address() as AddressInfo).port;
}

const port = await servePrograms();

const drivers: Readonly<Record<Shell, (lines: string, trial: Trial) => Promise<string>>> = {
  async bash(lines, { folder, script }) {
    const file = await scriptFile(script, "script.bash");
    return runIn(folder, ["bash", "--norc", here("drive.bash"), file, "auto-extend"], lines);
  },
  async zsh(lines, { folder, script }) {
    const file = await scriptFile(script, "_auto-extend");
    const output = join(file, "../output");
    await runIn(folder, ["zsh", "-f", here("drive.zsh"), join(file, ".."), output], lines);
    return readFile(output, "utf8");
  },
  async fish(lines, { folder, script }) {
    const file = await scriptFile(script, "script.fish");
    const drive = `source ${file}; while read -l line; complete -C $line; echo END; end`;
    return runIn(folder, ["fish", "--no-config", "-c", drive], lines);
  },
};

async function scriptFile(script: string, name: string): Promise<string> {
  const folder = join(await folderWith(), "script");
  await mkdir(folder);
  await writeFile(join(folder, name), script);
  return join(folder, name);
}

/** Only the part after `--option=` is completed, but some shells show all of the word. */
function offerIn(line: string): Offer {
  const [word = "", description = ""] = line.split("\t");
  return { word: word.replace(/^--?[\w-]+=/, ""), description };
}

function here(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

// A reader who works through one document from top to bottom, in an empty folder: saves the files, pastes the commands, runs
// the programs, and compares what is printed with what the document shows. Only the ports differ from those in the document.
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { transform } from "esbuild";
import { chromiumPath } from "../../../../scripts/debian-packages.mjs";
import { nodeOptions, type Running, start } from "../execute.js";
import { freePorts } from "../ports.js";
import { type Block, type MarkdownFile, root } from "./blocks.js";
import { installPackages } from "./installed.js";

const fileInTest = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const installed = fileURLToPath(new URL("../../node_modules", import.meta.url));
const packages = installPackages();
/** The ports that documents name: that of the mock, and those of several mocks behind it. */
const documentedPorts = [4010, 4011, 4012, 4013, 4014];
/** A command that starts a mock and runs until the reader stops it. */
const startsMock = /^(?:npm start|npx @auto-extend\/mock-server(?: --.*)?)(?: *#.*)?$/;
const blockTimeoutMs = 50_000;

export async function workThrough({ blocks }: MarkdownFile): Promise<void> {
  const ports = await freePorts(documentedPorts.length);
  const session = new Session(ports, await startMockServer());
  try {
    if (!blocks.some(({ text }) => startsOwnMock(text))) await session.startMock();
    for (const block of blocks) await session.take(block);
  } finally {
    await session.close();
  }
}

class Session {
  readonly #home = realpathSync(mkdtempSync(join(tmpdir(), "auto-extend-document-")));
  readonly #project = join(this.#home, "project");
  readonly #ports: readonly number[];
  readonly #url: string;
  /** Takes the place of the live server. */
  readonly #provider: MockServer;
  readonly #started: Running[] = [];
  #folder = this.#project;
  #mock: MockServer | Running | undefined;
  #exports = "";
  /** The file with what the block before printed. */
  #output = "";
  #programs = 0;

  constructor(ports: readonly number[], provider: MockServer) {
    this.#ports = ports;
    this.#url = `http://127.0.0.1:${ports[0]}`;
    this.#provider = provider;
    enter(this.#project);
    // All else is there once the page has it installed.
    mkdirSync(join(this.#project, "node_modules"));
    symlinkSync(packages, join(this.#project, "node_modules", "@auto-extend"), "junction");
    symlinkSync(join(installed, ".bin"), join(this.#project, "node_modules", ".bin"), "junction");
    // A clone of the repository is where documents expect it, with the ports of this reader in its examples.
    symlinkSync(root, join(this.#home, "auto-extend-toolkit"), "junction");
    for (const name of readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })) {
      const source = join(root, "examples", name);
      if (statSync(source).isFile()) this.#save(join("examples", name), readFileSync(source, "utf8"));
    }
  }

  async startMock(): Promise<void> {
    this.#mock = await startMockServer({ port: this.#ports[0] ?? 0 });
    await this.#passFirstSecond();
  }

  async take({ place, language, folder, text, directives }: Block): Promise<void> {
    if (directives["not run"] !== undefined) return;
    this.#folder = enter(join(this.#project, folder));
    const whole = `${directives.setup ?? ""}\n${text}`.trimStart();
    if (directives.file !== undefined) this.#save(directives.file, whole);
    else if (language === "sh") await this.#paste(this.#here(whole), place);
    else if (language === "js" || language === "ts") await this.#runProgram(whole, place);
    else if (language === "text" || language === "json") this.#compare(this.#here(whole), place);
    else throw new Error(`${place}: nothing here runs a block of "${language}".`);
  }

  async close(): Promise<void> {
    await Promise.all([stop(this.#mock), this.#provider.close(), ...this.#started.map(stop)]);
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 3 });
  }

  /** A text of a document with the ports, the folders and the live server of this reader. */
  #here(text: string): string {
    return documentedPorts.reduce(
      (changed, port, index) => changed.replace(new RegExp(`\\b${port}\\b`, "g"), `${this.#ports[index]}`),
      text
        .replaceAll("https://youproxy.io", this.#provider.url)
        .replaceAll("unset AUTO_EXTEND_BASE_URL", `export AUTO_EXTEND_BASE_URL=${this.#provider.url}; unset`)
        .replaceAll("~/", `${this.#home}/`)
        .replaceAll(" /tmp ", ` ${this.#home} `),
    );
  }

  #save(name: string, text: string): void {
    const file = join(this.#folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, this.#here(text));
  }

  async #paste(text: string, place: string): Promise<void> {
    const lines = text.trim().split("\n");
    if (startsMock.test(lines[0] ?? "")) {
      await this.#restartMock(lines.shift() ?? "");
      if (lines.length === 0) return;
    }
    const running = this.#start(lines.join("\n"));
    this.#exports += lines
      .filter((line) => /^(?:export|alias) /.test(line))
      .join("\n")
      .concat("\n");
    await this.#ended(running, place);
  }

  async #restartMock(command: string): Promise<void> {
    await stop(this.#mock);
    const program = command.replace("npm start", "npx @auto-extend/mock-server");
    const running = this.#start(`exec ${program}`);
    this.#mock = running;
    // It prints something once it listens.
    while (!(await isHealthy(this.#url)) || this.#printed() === "") {
      if (running.exitCode !== null) throw new Error(`${command} ended:\n${this.#printed()}`);
    }
    await this.#passFirstSecond();
  }

  /** Answers are dated in whole seconds: in the second of the start, an order would end in 30 days rather than in 29 d 23 h. */
  async #passFirstSecond(): Promise<void> {
    // A mock in front of a server has no clock.
    await fetch(`${this.#url}/__mock/clock`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ to: new Date(Date.now() + 1_000).toISOString() }),
    });
  }

  async #runProgram(text: string, place: string): Promise<void> {
    this.#programs += 1;
    const name = `program-${this.#programs}.mjs`;
    const { code } = await transform(text, { loader: "ts", format: "esm" });
    this.#save(name, code);
    await this.#ended(this.#start(`node ${name}`), place);
  }

  /** Prints into a file, as into a terminal: all is there when it ends, and in the order in which it was printed. */
  #start(script: string): Running {
    this.#output = join(this.#home, `printed-${this.#started.length}`);
    const env = {
      PATH: [fileInTest("stand-ins"), process.env.PATH].join(delimiter),
      OUTER_PATH: process.env.PATH,
      NODE: process.execPath,
      REPOSITORY: root,
      PROJECT: this.#project,
      NODE_OPTIONS: nodeOptions,
      // The CLI must not reach the live server either.
      HTTPS_PROXY: "http://127.0.0.1:9",
      AUTO_EXTEND_MOCK_PORT: `${this.#ports[0]}`,
      AUTO_EXTEND_MOCK_URL: this.#url,
      ...(chromiumPath === undefined ? {} : { CHROMIUM_PATH: chromiumPath }),
    };
    // Without its own group, what a script leaves running could not be ended.
    // Whatever it leaves running keeps the third stream open, so `stop` can wait for all of it.
    const shell = `exec 3>&1 >${this.#output} 2>&1\n${this.#exports}\n${script}`;
    const running = start("sh", ["-ec", shell], { cwd: this.#folder, env, detached: true });
    this.#started.push(running);
    return running;
  }

  async #ended(running: Running, place: string): Promise<void> {
    const tooLong = setTimeout(() => void stop(running), blockTimeoutMs);
    // Not the end of its streams: see above.
    const [exitCode] = await once(running, "exit");
    clearTimeout(tooLong);
    if (exitCode !== 0) throw new Error(`${place} ended with exit code ${exitCode}:\n${this.#printed()}`);
  }

  #printed(): string {
    return readFileSync(this.#output, "utf8");
  }

  #compare(shown: string, place: string): void {
    // What has 30 days left has "29d 23h" a moment later.
    const inDays = (_: string, days: string, hours: string) =>
      ` ${Math.round(Number(days) + (Number(hours) + 0.5) / 24)} days`;
    const tidy = (text: string) =>
      text
        .trim()
        .replace(/ +$/gm, "")
        .replace(/ +(\d+)d (\d+)h/g, inDays);
    const pattern = tidy(shown).split("...").map(literally).join("[\\s\\S]*?");
    if (!new RegExp(pattern).test(tidy(this.#printed()))) {
      throw new Error(
        `${place} shows this:\n${shown}\nThe block before it printed this:\n${this.#printed()}`,
      );
    }
  }
}

/** Prepares a folder that a document comes to for the first time. */
function enter(path: string): string {
  if (existsSync(join(path, "package.json"))) return path;
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "package.json"), "{}");
  return path;
}

function startsOwnMock(text: string): boolean {
  const started = /auto-extend-mock .*&$|command: "npx @auto-extend\/mock-server"/;
  return text.split("\n").some((line) => startsMock.test(line) || started.test(line));
}

async function stop(running: MockServer | Running | undefined): Promise<void> {
  if (running === undefined) return;
  if ("url" in running) return running.close();
  try {
    process.kill(-(running.pid ?? 0), "SIGTERM");
  } catch {
    // It has ended, with all that it started.
  }
  await running;
}

async function isHealthy(url: string): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return fetch(`${url}/__mock/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

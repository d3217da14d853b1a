// A reader who works through one document from top to bottom, in an empty folder: saves the files, pastes the commands, runs
// the programs, and compares what is printed with what the document shows. Only ports are others than in the document.
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
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { transform } from "esbuild";
import { chromiumPath } from "../../../../scripts/debian-packages.mjs";
import { type Running, start } from "../execute.js";
import { type Block, type MarkdownFile, root } from "./blocks.js";

const fileInTest = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const noNetwork = `--import=${pathToFileURL(fileInTest("no-network.mjs"))}`;
const installed = fileURLToPath(new URL("../../node_modules", import.meta.url));
/** The ports that documents name: that of the mock, and those of several mocks behind it. */
const documentedPorts = [4010, 4011, 4012, 4013, 4014];
/** A command that starts a mock and runs until the reader stops it. */
const startsMock = /^(?:npm start|npx @auto-extend\/mock-server(?: --.*)?)(?: *#.*)?$/;

export async function workThrough({ blocks }: MarkdownFile): Promise<void> {
  const session = await openSession(blocks);
  try {
    for (const block of blocks) await session.take(block);
  } finally {
    await session.close();
  }
}

async function openSession(blocks: readonly Block[]) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "auto-extend-document-")));
  const ports = await freePorts();
  const provider = await startMockServer();
  const here = (text: string) =>
    documentedPorts.reduce(
      (changed, port, index) => changed.replace(new RegExp(`\\b${port}\\b`, "g"), `${ports[index]}`),
      text.replaceAll("https://youproxy.io", provider.url).replaceAll("~/", `${home}/`),
    );
  const url = `http://127.0.0.1:${ports[0]}`;
  const env = {
    PATH: [fileInTest("stand-ins"), process.env.PATH].join(delimiter),
    OUTER_PATH: process.env.PATH,
    NODE: process.execPath,
    REPOSITORY: root,
    ...(chromiumPath === undefined ? {} : { CHROMIUM_PATH: chromiumPath }),
    NODE_OPTIONS: noNetwork,
    // The CLI must not reach the live server either.
    HTTPS_PROXY: "http://127.0.0.1:9",
    AUTO_EXTEND_MOCK_PORT: `${ports[0]}`,
    AUTO_EXTEND_MOCK_URL: url,
  };
  const inBackground: Running[] = [];
  let mock: MockServer | Running | undefined;
  const project = join(home, "project");
  let folder = enter(project);
  let exports = "";
  let printed = "";
  let count = 0;

  // A clone of the repository is where documents expect it, with the ports of this reader in its examples.
  symlinkSync(root, join(home, "auto-extend-toolkit"), "junction");
  for (const name of readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })) {
    const source = join(root, "examples", name);
    if (statSync(source).isFile()) save(join("examples", name), here(readFileSync(source, "utf8")));
  }
  if (!blocks.some(({ text }) => startsOwnMock(text))) mock = await startMockServer({ port: ports[0] ?? 0 });

  async function take(block: Block): Promise<void> {
    const { place, language, directives } = block;
    if (directives["not run"] !== undefined) return;
    folder = enter(join(project, block.folder));
    const text = here(`${directives.setup ?? ""}\n${block.text}`.trimStart());
    if (directives.file !== undefined) save(directives.file, text);
    else if (language === "sh") await paste(text, place);
    else if (language === "js" || language === "ts") await runProgram(text, place);
    else if (language === "text" || language === "json") compare(text, place);
    else throw new Error(`${place}: nothing here runs a block of "${language}".`);
  }

  function save(name: string, text: string): void {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }

  async function paste(text: string, place: string): Promise<void> {
    const lines = text.trim().split("\n");
    if (startsMock.test(lines[0] ?? "")) {
      await restartMock(lines.shift() ?? "");
      if (lines.length === 0) return;
    }
    const script = `${exports}\n${lines.join("\n")}`;
    exports += lines.filter((line) => line.startsWith("export ")).join("\n");
    // Without its own group, what a script leaves running could not be ended.
    const running = start("sh", ["-ec", script], { cwd: folder, env, detached: true });
    inBackground.push(running);
    await ended(running, place);
  }

  async function restartMock(command: string): Promise<void> {
    await stop(mock);
    const script = `${exports}\nexec ${command.replace("npm start", "npx @auto-extend/mock-server")}`;
    const running = start("sh", ["-ec", script], { cwd: folder, env, detached: true });
    mock = running;
    printed = "";
    running.all.on("data", (chunk) => {
      printed += chunk;
    });
    while (!(await isHealthy(url))) {
      if (running.exitCode !== null) throw new Error(`${command} ended:\n${printed}`);
    }
  }

  async function runProgram(text: string, place: string): Promise<void> {
    count += 1;
    const { code } = await transform(text, { loader: "ts", format: "esm" });
    save(`program-${count}.mjs`, code);
    await ended(start("node", [`program-${count}.mjs`], { cwd: folder, env, detached: true }), place);
  }

  async function ended(running: Running, place: string): Promise<void> {
    const tooLong = setTimeout(() => void stop(running), 50_000);
    let output = "";
    running.all.on("data", (chunk) => {
      output += chunk;
    });
    // Not its end: a server that it leaves running keeps the streams open.
    const [exitCode] = await once(running, "exit");
    clearTimeout(tooLong);
    // What was written last may not have been read yet.
    await new Promise((resolve) => setImmediate(resolve));
    if (exitCode !== 0) throw new Error(`${place} ended with exit code ${exitCode}:\n${output}`);
    printed = output;
  }

  function compare(shown: string, place: string): void {
    const tidy = (text: string) => text.trim().replace(/ +$/gm, "");
    const pattern = tidy(shown).split("...").map(literally).join("[\\s\\S]*?");
    if (!new RegExp(pattern).test(tidy(printed))) {
      throw new Error(`${place} shows this:\n${shown}\nThe block before it printed this:\n${printed}`);
    }
  }

  async function close(): Promise<void> {
    await Promise.all([stop(mock), provider.close(), ...inBackground.map(stop)]);
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }

  return { take, close };
}

/** Prepares a folder that a document comes to for the first time. */
function enter(path: string): string {
  if (existsSync(join(path, "package.json"))) return path;
  mkdirSync(path, { recursive: true });
  symlinkSync(installed, join(path, "node_modules"), "junction");
  writeFileSync(join(path, "package.json"), "{}");
  return path;
}

function startsOwnMock(text: string): boolean {
  const started = /mock-server .*&$|command: "npx @auto-extend\/mock-server"/;
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

/** Below the range from which systems take ports for connections, so that none is taken between this look and its use. */
async function freePorts(): Promise<number[]> {
  const first = 10_000 + Math.floor(Math.random() * 20_000);
  const ports = documentedPorts.map((_, index) => first + index);
  const areFree = await Promise.all(ports.map(isFree));
  return areFree.every(Boolean) ? ports : freePorts();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  const isListening = await once(server, "listening").then(
    () => true,
    () => false,
  );
  server.close();
  return isListening;
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

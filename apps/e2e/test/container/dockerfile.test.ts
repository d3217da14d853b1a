// No image can be built on every machine, so the steps of the Dockerfile are run one by one, each stage in a folder of its own that
// takes the place of the container's root.
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { copyCheckout } from "../../../../scripts/toolchain.mjs";
import { printed } from "../execute.ts";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));
const token = "a-token";
/** The user `node` of the image. Only root can run a program as somebody else, or give a file away. */
const node = process.getuid?.() === 0 ? { uid: 1_000, gid: 1_000 } : {};

/** A stage, and what the container starts from it. */
interface Image {
  readonly root: string;
  folder: string;
  readonly env: Record<string, string>;
  user: string;
  /** The folders that were given to that user. */
  readonly owned: string[];
  entrypoint: readonly string[];
  healthCheck: readonly string[];
}

let scratch: string;
let image: Image;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "auto-extend-image-"));
  chmodSync(scratch, 0o755);
  // The image has no git.
  const git = join(scratch, "bin", "git");
  mkdirSync(join(git, ".."));
  writeFileSync(git, "#!/bin/sh\nexit 127\n", { mode: 0o755 });
  image = await build(readFileSync(join(checkout, "Dockerfile"), "utf8"));
}, 300_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("the image of the mock", () => {
  it("answers, reports its health, requires the token, and keeps its state", async () => {
    const { program: first, url } = await start();
    await expectHealthy(url);
    const body = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true };
    const answer = await fetch(`${url}/client/api/v1/any-key/extend/order/auto`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(await answer.json()).toMatchObject({ success: true, quantity: 1 });
    expect((await fetch(`${url}/__mock/state`)).status).toBe(403);
    const authorization = `Bearer ${token}`;
    expect((await fetch(`${url}/__mock/state`, { headers: { authorization } })).status).toBe(200);
    first.kill("SIGTERM");
    expect((await first).exitCode).toBe(0);
    const { program: second, url: secondUrl } = await start();
    await expectHealthy(secondUrl);
    const state = await fetch(`${secondUrl}/__mock/state`, {
      headers: { authorization, "mock-api-key": "any-key" },
    });
    expect(await state.text()).toMatch(/"11111".*?"autoExtend":true/s);
    second.kill("SIGTERM");
    await second;
  });

  it("listens on all addresses of the container", () => {
    expect(image.env).toEqual({ AUTO_EXTEND_MOCK_HOST: "0.0.0.0" });
  });

  it("runs as a user who may write nothing but the folder of its state", () => {
    expect(image.user).toBe("node");
    expect(image.owned).toEqual([image.folder]);
    expect(statSync(image.folder).uid).toBe(node.uid ?? process.getuid?.());
    expect(statSync(join(image.root, "mock")).uid).toBe(process.getuid?.());
  });

  it("is made from what git has, and from nothing that it ignores", () => {
    const patterns = (file: string) => {
      const lines = readFileSync(join(checkout, file), "utf8").split("\n");
      return lines.filter((line) => line !== "" && !line.startsWith("#"));
    };
    const ignored = patterns(".gitignore").map((pattern) => {
      const path = pattern.replace(/\/$/, "");
      return path.includes("/") ? path.replace(/^\//, "") : `**/${path}`;
    });
    expect(patterns(".dockerignore")).toEqual([".git", ...ignored]);
  });

  it("has nothing in it but the mock and what it needs", () => {
    const packages = ["core", "client", "cli", "contract-tests"].filter((name) =>
      existsSync(join(image.root, "mock/node_modules/@auto-extend", name)),
    );
    expect(packages).toEqual(["core"]);
    expect(existsSync(join(image.root, "mock/src"))).toBe(false);
  });
});

describe("the compose file", () => {
  it("publishes the port on this machine only, and keeps the state in a volume", () => {
    const { services, volumes } = parseYaml(readFileSync(join(checkout, "compose.yml"), "utf8"));
    expect(services.mock.ports).toEqual(["127.0.0.1:4010:4010"]);
    expect(services.mock.command).toEqual(["--state", "/data/state.json"]);
    expect(services.mock.volumes).toEqual(["state:/data"]);
    expect(volumes).toHaveProperty("state");
  });
});

/** Starts what the image starts, with the arguments and variables of the compose file. */
async function start() {
  const { services } = parseYaml(readFileSync(join(checkout, "compose.yml"), "utf8"));
  const [command = "", ...args] = [...image.entrypoint, ...services.mock.command].map(inImage);
  const program = execa(command, args, {
    cwd: image.folder,
    env: {
      PATH: process.env.PATH,
      ...image.env,
      AUTO_EXTEND_MOCK_CONTROL_TOKEN: token,
      // Of this machine, others must not reach it, and any port may be taken, also one that a mock has just given back.
      AUTO_EXTEND_MOCK_HOST: "127.0.0.1",
      AUTO_EXTEND_MOCK_PORT: "0",
    },
    ...node,
    extendEnv: false,
    reject: false,
  });
  const [, url = ""] = await printed(program, /ready at (\S+)/);
  return { program, url };
}

async function expectHealthy(url: string): Promise<void> {
  const { port } = new URL(url);
  const [command = "", ...args] = image.healthCheck.map((part) => part.replace("4010", port));
  for (let tries = 0; tries < 100; tries += 1) {
    const { exitCode } = await execa(command, args, { reject: false });
    if (exitCode === 0) return;
  }
  expect.fail("The mock did not become healthy.");
}

/** A path of the container as one of this machine; other arguments as they are. */
function inImage(argument: string): string {
  return argument.startsWith("/") ? join(image.root, argument) : argument;
}

/** Takes the steps of a Dockerfile. An instruction that is unknown here fails, so that none goes untried. */
async function build(dockerfile: string): Promise<Image> {
  const stages = new Map<string, string>();
  let stage = newStage();
  const instructions: Record<string, (text: string) => unknown> = {
    FROM(text) {
      stage = newStage();
      stages.set(/ AS (\S+)$/.exec(text)?.[1] ?? "", stage.root);
    },
    WORKDIR(text) {
      stage.folder = join(stage.root, text);
      mkdirSync(stage.folder, { recursive: true });
    },
    COPY(text) {
      const [, from = "", source = "", target = ""] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(text) ?? [];
      const other = stages.get(from);
      const options = { recursive: true, verbatimSymlinks: true };
      if (from && other) cpSync(join(other, source), join(stage.root, target), options);
      else {
        expect(text).toBe(". .");
        copyCheckout(checkout, stage.folder);
      }
    },
    RUN: (text) => run(text, stage),
    ENV(text) {
      const [name = "", value = ""] = text.split("=");
      stage.env[name] = value;
    },
    ENTRYPOINT(text) {
      stage.entrypoint = JSON.parse(text);
    },
    HEALTHCHECK(text) {
      stage.healthCheck = JSON.parse(text.slice(text.indexOf("[")));
    },
    USER(text) {
      stage.user = text;
    },
    EXPOSE() {},
  };
  const steps = dockerfile.replace(/\\\n/g, " ").matchAll(/^([A-Z]+) (.*)$/gm);
  for (const [step, instruction = "", text = ""] of steps) {
    const take = instructions[instruction];
    if (!take) throw new Error(`This test does not know how to take the step ${step}.`);
    await take(text);
  }
  return stage;
}

function newStage(): Image {
  const root = mkdtempSync(join(scratch, "stage-"));
  chmodSync(root, 0o755);
  return { root, folder: root, env: {}, user: "root", owned: [], entrypoint: [], healthCheck: [] };
}

async function run(text: string, { root, folder, owned }: Image): Promise<void> {
  const [, given] = /^chown node:node (\S+)$/.exec(text) ?? [];
  if (given !== undefined) {
    owned.push(join(root, given));
    if (node.uid !== undefined) chownSync(join(root, given), node.uid, node.gid);
    return;
  }
  const command = text.replace(/(?<= )\/\S+/g, (path) => join(root, path));
  const env = {
    TURBO_CACHE_DIR: join(checkout, ".turbo", "cache"),
    PATH: [join(scratch, "bin"), process.env.PATH].join(delimiter),
  };
  await execa("sh", ["-c", command], { cwd: folder, env });
}

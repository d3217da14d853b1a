import fs from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import request from "supertest";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { testApp } from "./mock.js";

/** Files of the built page, in a folder that the mock reads in place of its own. */
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "pages-"));
  const { stat, createReadStream } = fs;
  const elsewhere = (path: fs.PathLike) => join(folder, basename(String(path)));
  vi.spyOn(fs, "stat").mockImplementation(((path: fs.PathLike, done: never) =>
    stat(elsewhere(path), done)) as typeof stat);
  vi.spyOn(fs, "createReadStream").mockImplementation((path, options) =>
    createReadStream(elsewhere(path), options),
  );
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  fs.rmSync(folder, { recursive: true });
});

const file = "/assets/index-CVt1xkRa.css";
const addFile = () => fs.writeFileSync(join(folder, basename(file)), "body { margin: 0 }");
const problem = /^application\/problem\+json/;

it("lets browsers keep a file of the page for good", async () => {
  addFile();
  const { headers } = await request(testApp())
    .get(file)
    .expect(200)
    .expect("content-type", /^text\/css/);
  expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
});

it("does not let them keep the answer when a file of the page is missing for a moment", async () => {
  const mock = testApp();
  const { headers } = await request(mock).get(file).expect(503).expect("content-type", problem);
  expect(headers["cache-control"]).toBe("no-store");
  addFile();
  await request(mock).get(file).expect(200);
});

it("does not let them keep the answer when a file of the page cannot be opened", async () => {
  addFile();
  const mock = testApp();
  vi.mocked(fs.createReadStream).mockImplementationOnce(() => {
    const stream = fs.ReadStream.from([]) as fs.ReadStream;
    process.nextTick(() => stream.destroy(Object.assign(new Error("open"), { code: "EMFILE" })));
    return stream;
  });
  const { headers, body } = await request(mock).get(file).expect(503).expect("content-type", problem);
  expect(headers).not.toHaveProperty("etag");
  expect(headers).not.toHaveProperty("last-modified");
  expect([headers["cache-control"], body.detail]).toEqual(["no-store", expect.stringContaining("EMFILE")]);
  await request(mock).get(file).expect(200);
});

it.each(["/", "/docs", "/docs-control"])("%s may be framed by nobody, and load nothing from elsewhere", async (path) => {
  const { headers } = await request(testApp()).get(path);
  const policy = headers["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/https?:/);
});

it.each(["/", "/favicon.svg", "/docs"])(
  "does not let them keep the answer when %s is missing",
  async (path) => {
    vi.spyOn(fs, "readFileSync").mockImplementation(() => {
      throw Object.assign(new Error("open"), { code: "ENOENT" });
    });
    vi.spyOn(promises, "readFile").mockRejectedValue(Object.assign(new Error("open"), { code: "ENOENT" }));
    syncBuiltinESMExports();
    const { headers } = await request(testApp()).get(path).expect(503);
    expect(headers["cache-control"]).toBe("no-store");
  },
);

it.each(["/", "/docs", "/docs-control", "/openapi.json", "/__mock/openapi.json"])(
  "answers 503 as long as %s is not written to its end",
  async (path) => {
    const { readFileSync } = fs;
    for (const content of ["", "<!doctype html><ht", '{"servers":[{"url":']) {
      vi.spyOn(fs, "readFileSync").mockImplementation((...[file, options]) =>
        /\.(html|json)$/.test(String(file)) ? content : readFileSync(file, options),
      );
      vi.spyOn(promises, "readFile").mockResolvedValue(content);
      syncBuiltinESMExports();
      const { headers } = await request(testApp()).get(path).expect(503);
      expect(headers["cache-control"]).toBe("no-store");
    }
  },
);

it("answers 404 where the page has no such file", async () => {
  await request(testApp()).get("/assets/else.css").expect(404);
});

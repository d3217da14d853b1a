import { isRequestError } from "@auto-extend/client";
import { describe, expect, it } from "vitest";
import { allOf, wanted } from "../support/bulk-runs.js";
import { clientOf, nowhere } from "../support/fixtures.js";

/** The paths of what is found wrong, and the message. */
function problemsOf(orderIds: unknown, options: unknown) {
  try {
    // @ts-expect-error the types refuse most of it
    clientOf(nowhere).setAutoExtendMany(orderIds, options);
    return { paths: [], message: "" };
  } catch (error) {
    if (!isRequestError(error)) throw error;
    return { paths: error.issues.map(({ path }) => path), message: error.message };
  }
}

describe("the options of a run", () => {
  it("are refused at once with everything that is wrong", () => {
    const wrong = {
      proxyType: "ipv4",
      rentPeriodDays: 0,
      autoExtend: "true",
      chunk_size: 5,
      chunkSize: 10_001,
      concurrency: 0.5,
      requestsPerSecond: 0,
      signal: {},
    };
    const { paths, message } = problemsOf("11111", wrong);
    expect(paths.sort()).toEqual([
      "autoExtend",
      "chunkSize",
      "chunk_size",
      "concurrency",
      "orderIds",
      "proxyType",
      "rentPeriodDays",
      "requestsPerSecond",
      "signal",
    ]);
    expect(message).toContain("chunk_size: is not an option; the options are autoExtend,");
  });

  it.each([null, undefined, 5, "11111", {}])("are refused for IDs that are %j", (orderIds) => {
    expect(problemsOf(orderIds, wanted).paths).toEqual(["orderIds"]);
  });

  it.each([null, undefined, "IPv4"])("are refused where they are %j", (options) => {
    expect(problemsOf([], options).message).toContain(
      "The options must be an object, as in setAutoExtendMany(orderIds, { autoExtend })",
    );
  });

  it("are refused with the order IDs in one object, and the error says what to write", () => {
    const { message } = problemsOf({ ...wanted, orderIds: ["11111"] }, undefined);
    expect(message).toContain("as in setAutoExtendMany(orderIds, { autoExtend })");
  });

  it.each([
    { chunkSize: 0 },
    { chunkSize: "5" },
    { concurrency: Number.POSITIVE_INFINITY },
    { requestsPerSecond: Number.POSITIVE_INFINITY },
    { requestsPerSecond: "5" },
    { signal: null },
  ])("are refused with %j", (option) => {
    expect(problemsOf([], { ...wanted, ...option }).paths).toEqual(Object.keys(option));
  });

  it("may be undefined where they may be left out", () => {
    const left = {
      chunkSize: undefined,
      concurrency: undefined,
      requestsPerSecond: undefined,
      signal: undefined,
    };
    expect(problemsOf([], { ...wanted, ...left }).paths).toEqual([]);
  });

  it("are those of the moment when the run was made", async () => {
    const bodies: string[] = [];
    const fetch: typeof globalThis.fetch = async (_, init) => {
      bodies.push(String(init?.body));
      return new Response("", { status: 404 });
    };
    const options = { ...wanted, autoExtend: true };
    const run = clientOf(nowhere, { fetch }).setAutoExtendMany(["1"], options);
    options.autoExtend = false;
    await allOf(run);
    expect(JSON.parse(bodies[0] ?? "")).toEqual({ ...wanted, orderIds: ["1"], autoExtend: true });
  });
});

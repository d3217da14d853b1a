import { describe, expect, it } from "vitest";
import { expectToAddUp, idsUpTo, wanted } from "../support/bulk-runs.js";
import { clientOf, failure, nowhere } from "../support/fixtures.js";
import { answerTo } from "../support/order-server.js";

/** A client whose requests wait until a test answers them, in any order. */
function heldRequests() {
  const held: { ids: string[]; answer: (response: Response) => void }[] = [];
  const fetch = (_: unknown, init?: RequestInit) => {
    const { orderIds } = JSON.parse(String(init?.body));
    return new Promise<Response>((answer) => held.push({ ids: orderIds, answer }));
  };
  const refusal = (code: number) => Response.json({ ...failure, error: { code, message: "No" } });
  const respond = async (index: number, response: Response) => {
    held[index]?.answer(response);
    await settled();
  };
  const succeed = (index: number) =>
    respond(index, Response.json(answerTo({ ...wanted, orderIds: held[index]?.ids ?? [] }, undefined)));
  return { client: clientOf(nowhere, { fetch }), held, refusal, respond, succeed };
}

/** Lets everything happen that needs no further answer. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const pairs = { ...wanted, chunkSize: 1, concurrency: 2 };
const notFound = () => new Response(null, { status: 404 });

describe("the first reason to stop wins", () => {
  it("over a refusal that comes later", async () => {
    const { client, held, refusal, respond } = heldRequests();
    const run = client.setAutoExtendMany(idsUpTo(5), pairs);
    const ended = run.finish();
    await settled();
    await respond(1, notFound());
    expect(run.summary()).toMatchObject({ stopped: "failed", error: { name: "HttpError", status: 404 } });
    await respond(0, refusal(2));
    const summary = await ended;
    expect(summary).toMatchObject({ given: 5, refused: 1, notTried: 4, stopped: "failed" });
    expect(summary.error).toMatchObject({ name: "HttpError", status: 404 });
    expect(held).toHaveLength(2);
  });

  it("over a failure that comes later", async () => {
    const { client, refusal, respond } = heldRequests();
    const ended = client.setAutoExtendMany(idsUpTo(5), pairs).finish();
    await settled();
    await respond(0, refusal(4));
    await respond(1, notFound());
    const summary = await ended;
    expect(summary).toMatchObject({ refused: 1, notTried: 4, stopped: "refused" });
    expect(summary.error).toMatchObject({ name: "ApiError", code: 4 });
  });

  it("over an abort that comes later, and over a failure after an abort", async () => {
    for (const isFirst of [true, false]) {
      const { client, held, respond } = heldRequests();
      const controller = new AbortController();
      const run = client.setAutoExtendMany(idsUpTo(4), { ...pairs, signal: controller.signal });
      const ended = run.finish();
      await settled();
      if (isFirst) controller.abort();
      await respond(0, notFound());
      if (!isFirst) controller.abort();
      await respond(1, notFound());
      const summary = await ended;
      expect(summary.stopped).toBe(isFirst ? "aborted" : "failed");
      expect(summary.error === null).toBe(isFirst);
      expect(held).toHaveLength(2);
      expectToAddUp(summary);
    }
  });

  it("over an error that is thrown later, which the iteration throws all the same", async () => {
    const { client, respond } = heldRequests();
    const broken = new Error("the disk is full");
    let calls = 0;
    let fail = () => {};
    const beforeChunk = async () => {
      calls += 1;
      if (calls === 2) await new Promise((_, reject) => (fail = () => reject(broken)));
    };
    const run = client.setAutoExtendMany(idsUpTo(4), { ...pairs, beforeChunk });
    const ended = expect(run.finish()).rejects.toBe(broken);
    await settled();
    await respond(0, notFound());
    fail();
    await ended;
    expect(run.summary()).toMatchObject({ stopped: "failed", error: { status: 404 }, notTried: 4 });
  });

  it("among several errors that are thrown", async () => {
    const { client } = heldRequests();
    const errors = [new Error("first"), new Error("second")];
    let calls = 0;
    const beforeChunk = () => Promise.reject(errors[calls++]);
    await expect(client.setAutoExtendMany(idsUpTo(4), { ...pairs, beforeChunk }).finish()).rejects.toBe(
      errors[0],
    );
  });
});

describe("a run that is over", () => {
  it("is not stopped by an abort while its last event is handled", async () => {
    const { client, succeed } = heldRequests();
    const controller = new AbortController();
    const run = client.setAutoExtendMany(["1"], { ...pairs, signal: controller.signal });
    const iterator = run[Symbol.asyncIterator]();
    const first = iterator.next();
    await settled();
    await succeed(0);
    await first;
    controller.abort();
    await expect(iterator.next()).resolves.toMatchObject({ done: true });
    expect(run.summary()).toMatchObject({ changed: 1, exhausted: true, stopped: null });
  });

  it("is stopped by an abort while its last request is under way, which is finished", async () => {
    const { client, succeed } = heldRequests();
    const controller = new AbortController();
    const run = client.setAutoExtendMany(["1"], { ...pairs, signal: controller.signal });
    const ended = run.finish();
    await settled();
    controller.abort();
    await succeed(0);
    await expect(ended).resolves.toMatchObject({ changed: 1, exhausted: true, stopped: "aborted" });
  });
});

describe("concurrent calls", () => {
  it("begin a chunk whenever one ends, and never more than the option says", async () => {
    const { client, held, succeed } = heldRequests();
    const ended = client.setAutoExtendMany(idsUpTo(4), { ...pairs, concurrency: 3 }).finish();
    await settled();
    expect(held.map(({ ids }) => ids)).toEqual([["0"], ["1"], ["2"]]);
    await succeed(1);
    expect(held).toHaveLength(4);
    for (const index of [0, 2, 3]) await succeed(index);
    await expect(ended).resolves.toMatchObject({ changed: 4, chunks: 4, calls: 4 });
  });
});

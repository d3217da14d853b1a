import request from "supertest";
import { describe, expect, it } from "vitest";
import type { MockApp, MockControls, MockServer } from "../../src/index.js";
import { accountIdOf } from "../support/call.js";
import { send, testApp } from "./mock.js";

type Method = "get" | "post" | "put" | "delete";

/** A call in the same process, and the request of the control API that does the same. */
interface Twin {
  readonly call: (mock: MockControls) => unknown;
  readonly method: Method;
  readonly path: string;
  readonly body?: object;
  readonly apiKey?: string;
  /** The field of the answer that holds the result (default: the whole answer). */
  readonly field?: string;
}

const apiKey = "my-key";
const of = { apiKey };
const account = accountIdOf(apiKey);
const world = testApp().state();
const expected = { outcome: "done", times: 2 } as const;
const fault = { preset: "slow", options: { ms: 5 }, times: 2 } as const;

const twins: Record<string, Twin> = {
  "the state": { call: (mock) => mock.state(), method: "get", path: "/state" },
  "the state of an unknown account": {
    call: (mock) => mock.state({ account: "nobody" }),
    method: "get",
    path: "/state?account=nobody",
  },
  "the state of an unknown key": {
    call: (mock) => mock.state({ apiKey: "unknown-api-key" }),
    method: "get",
    path: "/state",
    apiKey: "unknown-api-key",
  },
  "another state": { call: (mock) => mock.putState(world), method: "put", path: "/state", body: world },
  "a broken state": {
    call: (mock) => mock.putState({} as never),
    method: "put",
    path: "/state",
    body: {},
  },
  "the last requests that match": {
    call: (mock) => mock.requests({ outcome: "done", changes: true, limit: 1, account }),
    method: "get",
    path: `/requests?outcome=done&changes=true&limit=1&account=${account}`,
    field: "requests",
  },
  "the requests after one": {
    call: (mock) => mock.requests({ after: "request-2" }),
    method: "get",
    path: "/requests?after=request-2",
    field: "requests",
  },
  "an expectation": {
    call: (mock) => mock.verify(expected),
    method: "post",
    path: "/verify",
    body: expected,
  },
  "an expectation of an account that fails": {
    call: (mock) => mock.verify({ times: 9, apiKey }),
    method: "post",
    path: "/verify",
    body: { times: 9 },
    apiKey,
  },
  "an invalid expectation": {
    call: (mock) => mock.verify({ outcom: "done" } as never),
    method: "post",
    path: "/verify",
    body: { outcom: "done" },
  },
  "the last explanation of an account": {
    call: (mock) => mock.explain("last", of),
    method: "get",
    path: "/requests/last",
    apiKey,
  },
  "the explanation of another account's request": {
    call: (mock) => mock.explain("request-3", of),
    method: "get",
    path: "/requests/request-3",
    apiKey,
  },
  "an explanation that is missing": {
    call: (mock) => mock.explain("request-99"),
    method: "get",
    path: "/requests/request-99",
  },
  "an emptied log": { call: (mock) => mock.clearRequests(of), method: "delete", path: "/requests", apiKey },
  "a fault": { call: (mock) => mock.faults.add(fault), method: "post", path: "/faults", body: fault },
  "a fault for an account": {
    call: (mock) => mock.faults.add(fault, of),
    method: "post",
    path: "/faults",
    body: fault,
    apiKey,
  },
  "an unknown fault": {
    call: (mock) => mock.faults.add({ preset: "slwo" } as never),
    method: "post",
    path: "/faults",
    body: { preset: "slwo" },
  },
  "the faults of an account": {
    call: (mock) => mock.faults.list(of),
    method: "get",
    path: "/faults",
    field: "faults",
    apiKey,
  },
  "the clock": { call: (mock) => mock.clock.state(), method: "get", path: "/clock" },
  "a span": {
    call: (mock) => mock.clock.advance({ days: 40 }),
    method: "post",
    path: "/clock",
    body: { advance: { days: 40 } },
  },
  "a date ahead": {
    call: (mock) => mock.clock.moveTo("2030-04-01T00:00:00Z"),
    method: "post",
    path: "/clock",
    body: { to: "2030-04-01T00:00:00Z" },
  },
  "the next renewal": {
    call: (mock) => mock.clock.toNextRenewal(),
    method: "post",
    path: "/clock",
    body: { toNextRenewal: true },
  },
  "a date in the past": {
    call: (mock) => mock.clock.moveTo("2001-01-01T00:00:00Z"),
    method: "post",
    path: "/clock",
    body: { to: "2001-01-01T00:00:00Z" },
  },
  "the next renewal of an account": {
    call: (mock) => mock.clock.toNextRenewal(of),
    method: "post",
    path: "/clock",
    body: { toNextRenewal: true },
    apiKey,
  },
  "a frozen clock": {
    call: (mock) => mock.clock.freeze(of),
    method: "post",
    path: "/clock",
    body: { freeze: true },
    apiKey,
  },
  "a reset": { call: (mock) => mock.reset(), method: "post", path: "/reset", body: {} },
  "a reset of an account": {
    call: (mock) => mock.reset(of),
    method: "post",
    path: "/reset",
    body: {},
    apiKey,
  },
};

/** A mock with a queued fault and three requests of two accounts. */
async function usedMock(): Promise<MockApp> {
  const mock = testApp();
  mock.faults.add({ preset: "empty" }, of);
  mock.faults.remove();
  mock.faults.add({ preset: "limit", times: 5 }, of);
  await send(mock, { apiKey });
  await send(mock, { apiKey, rentPeriodDays: 7, prefer: "fault=none" });
  await send(mock, { apiKey: "other-key" });
  return mock;
}

/** The result of a call, or the problem for which it was refused. */
function resultOf(mock: MockControls, call: Twin["call"]): unknown {
  try {
    return plain(call(mock)) ?? null;
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

async function answerTo(mock: MockApp | MockServer, { method, path, body, apiKey: key, field }: Twin) {
  const asked = request("url" in mock ? mock.url : mock)[method](`/__mock${path}`);
  if (key !== undefined) asked.set("mock-api-key", key);
  const { status, text } = body === undefined ? await asked : await asked.send(body);
  const answer = text === "" ? null : JSON.parse(text);
  if (status >= 400) return { refused: answer.detail };
  return field === undefined ? answer : answer[field];
}

describe("the control API and the controls in the same process", () => {
  it.each(Object.entries(twins))("give the same result, and leave the same state: %s", async (_, twin) => {
    const [inProcess, overHttp] = [await usedMock(), await usedMock()];
    expect(await answerTo(overHttp, twin)).toEqual(resultOf(inProcess, twin.call));
    for (const look of [
      (mock: MockControls) => mock.state(),
      (mock: MockControls) => mock.requests(),
      (mock: MockControls) => mock.faults.list(),
      (mock: MockControls) => mock.clock.state(),
    ]) {
      expect(plain(look(overHttp))).toEqual(plain(look(inProcess)));
    }
  });
});

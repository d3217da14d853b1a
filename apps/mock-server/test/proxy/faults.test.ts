import { describe, expect, it } from "vitest";
import type { MockServer } from "../../src/index.js";
import { answering, asked, failure, send, startBehind, startProxy, success } from "./behind.js";

const json = { "content-type": "application/json" };

async function started(answer: unknown = success) {
  const behind = await startBehind(answering(answer));
  const mock = await startProxy(behind.url);
  const ask = (prefer: string) => send(mock.url, { headers: { ...json, prefer } });
  return { behind, mock, ask };
}

const logged = (mock: MockServer) => mock.requests().at(-1);

it("is logged with what it changed about the answer of another server, without credentials", async () => {
  const { mock, ask } = await started({ ...success, authInfo: { login: "l", password: "a-password" } });
  const altered = async (prefer: string) => {
    await ask(prefer).catch(() => {});
    return logged(mock)?.fault?.altered;
  };
  expect(await altered("fault=drift-quantity")).toEqual([
    { path: "ipAddressIds", usual: success.ipAddressIds },
  ]);
  expect(await altered("fault=drift-error-null")).toEqual([
    { path: "error", usual: { code: 35, message: "Unknown error" } },
  ]);
  expect(await altered("fault=not-json")).toEqual([{ path: "", usual: expect.objectContaining(success) }]);
  expect(JSON.stringify(mock.requests())).not.toContain("a-password");
  expect(await altered("fault=slow; ms=1")).toBeUndefined();
});

describe("a fault that prevents the execution of a request", () => {
  it.each([
    ["gateway-502", 502, "faulted"],
    ["gateway-504", 504, "faulted"],
    ["rate-limited", 429, "faulted"],
    ["redirect", 307, "faulted"],
    ["html-200", 200, "faulted"],
    ["insufficient-funds", 200, "refused"],
    ["refused-503", 503, "refused"],
    ["no-such-fault", 400, "problem"],
  ])("prevents its forwarding: %s", async (name, status, outcome) => {
    const { behind, mock, ask } = await started();
    expect((await ask(`fault=${name}`)).status).toBe(status);
    expect(behind.got).toEqual([]);
    expect(logged(mock)).toMatchObject({ decided: { outcome }, drift: [] });
  });

  it("loses a request before the server behind sees it", async () => {
    const { behind, mock, ask } = await started();
    await expect(ask("fault=lost-request")).rejects.toThrow();
    expect(behind.got).toEqual([]);
    expect(logged(mock)).toMatchObject({ status: null, decided: { statement: "fault/lost-request" } });
  });

  it("refuses as the provider would, without the balance of an account that it does not know", async () => {
    const { ask } = await started();
    expect((await ask("fault=insufficient-funds")).json).toEqual({
      ...failure,
      balance: null,
      currency: null,
      error: { code: 16, message: "Insufficient funds on balance" },
    });
  });

  it("answers as the fault says, and with a problem if the fault does not say", async () => {
    const { behind, mock } = await started();
    mock.faults.add({ fault: { applied: false, answer: { body: { mine: 1 } } }, times: 1 });
    expect((await send(mock.url)).json).toEqual({ mine: 1 });
    mock.faults.add({ fault: { applied: false }, times: 1 });
    expect(await send(mock.url)).toMatchObject({ status: 502, json: { title: "Bad Gateway" } });
    expect(behind.got).toEqual([]);
  });

  it("forwards requests within a limit, and no others", async () => {
    const { behind, mock } = await started();
    mock.faults.add({ preset: "limit", options: { "per-second": 1 } });
    const came = [await send(mock.url), await send(mock.url)];
    expect(came.map(({ status }) => status)).toEqual([200, 429]);
    expect(behind.got).toHaveLength(1);
  });

  it("counts a request as under way until the server behind has answered", async () => {
    const answers: (() => void)[] = [];
    const behind = await startBehind((_, response) => {
      answers.push(() => void response.end(JSON.stringify(success)));
    });
    const mock = await startProxy(behind.url);
    mock.faults.add({ preset: "limit-concurrent", options: { concurrent: 1 } });
    const first = send(mock.url);
    await expect.poll(() => behind.got.length).toBe(1);
    expect((await send(mock.url)).status).toBe(429);
    answers[0]?.();
    expect((await first).status).toBe(200);
    const third = send(mock.url);
    await expect.poll(() => behind.got.length).toBe(2);
    answers[1]?.();
    expect((await third).status).toBe(200);
  });
});

describe("a fault that spoils an answer", () => {
  it("spoils that of the server behind, after it has done its work", async () => {
    const { behind, mock, ask } = await started();
    await expect(ask("fault=lost-answer")).rejects.toThrow();
    await expect(ask("fault=reset; at=middle")).rejects.toThrow();
    const { text } = await ask("fault=truncated");
    expect(text).toBe(JSON.stringify(success).slice(0, text.length));
    expect((await ask("fault=not-json")).text).toBe("{'success': True}");
    expect((await ask("fault=empty-object")).json).toEqual({});
    expect(behind.got).toHaveLength(5);
    expect(logged(mock)).toMatchObject({ decided: { outcome: "forwarded" }, drift: [] });
  });

  it("changes the fields of a success, and no failure", async () => {
    const { ask } = await started({ ...success, mine: 1 });
    const { ipAddressIds: _, ...rest } = success;
    const { json: drifted, headers } = await ask("fault=drift-orderids");
    expect(drifted).toEqual({ ...rest, mine: 1, orderIds: asked.orderIds });
    expect(headers["preference-applied"]).toBe("fault=drift-orderids");
    expect((await (await started(failure)).ask("fault=drift-orderids")).json).toEqual(failure);
  });

  it("may be a refusal in place of it, after it has done its work", async () => {
    const { behind, mock } = await started();
    mock.faults.add({ fault: { answer: { code: 3 }, applied: true } });
    expect((await send(mock.url)).json).toMatchObject({ success: false, error: { code: 3 } });
    expect(behind.got).toHaveLength(1);
    expect(logged(mock)).toMatchObject({ decided: { outcome: "forwarded", code: null } });
  });

  it("delays it", async () => {
    const { ask } = await started();
    const start = performance.now();
    await ask("fault=slow; ms=200");
    expect(performance.now() - start).toBeGreaterThan(190);
  });
});

describe("code that requests a fault by its name", () => {
  it.each([
    ["fault-gateway-502", "any-key"],
    ["fault-insufficient-funds", "any-key"],
    ["fault-wrong-type", "any-key"],
    ["fault-nope", "any-key"],
    ["11111", "fault-insufficient-funds"],
    ["11111", "fault-nope"],
  ])(
    "is an order ID or API key like any other in front of a real server: %s, %s",
    async (orderId, apiKey) => {
      const { behind, mock } = await started(failure);
      const body = { ...asked, orderIds: [orderId] };
      const path = `/client/api/v1/${apiKey}/extend/order/auto`;
      const came = await send(mock.url, { path, body });
      expect(came).toMatchObject({
        status: 200,
        json: failure,
        headers: { "content-type": "application/json" },
      });
      expect(behind.got[0]?.url).toBe(path);
      expect(JSON.parse(String(behind.got[0]?.body))).toEqual(body);
      expect(logged(mock)).toMatchObject({ fault: null, decided: { outcome: "forwarded" } });
    },
  );
});

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { defaultWorld, startMockServer } from "@auto-extend/mock-server";
import { parse } from "content-type";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { pointerPart, readDocument, validatorOf } from "./document.js";

interface Operation {
  operationId: string;
  parameters: { $ref?: string; name?: string; example?: string }[];
  requestBody?: { content: Record<string, { examples: Record<string, { value: unknown }> }> };
  responses: Record<string, { $ref?: string; content?: Record<string, unknown> }>;
}

interface RequestParts {
  headers?: Record<string, string>;
  body?: unknown;
}

const document = readDocument("control-api.json");
const errorsOf = validatorOf(document);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method,
    ...(operation as unknown as Operation),
  })),
);
/** The operations, and something to ask each for. */
const refusable = operations.map((operation) => ({
  ...operation,
  target: operation.path.replace("{id}", "last"),
  body: operation.requestBody && {},
}));
const isAccountScoped = ({ parameters }: Operation) =>
  parameters.some(({ $ref }) => $ref === "#/components/parameters/Account");

describe("what the control API answers fits its document", () => {
  let mock: Awaited<ReturnType<typeof startMockServer>>;
  /** The answers that came: operation and status. */
  const answered = new Set<string>();

  beforeAll(async () => {
    mock = await startMockServer();
    for (const more of [{}, { rentPeriodDays: 7 }, { orderIds: [] }]) {
      await switchOn({ fault: "slow; ms=1", ...more });
    }
  });

  afterAll(() => mock.close());

  async function switchOn({ apiKey = "any-key", fault = "none", ...more }: Record<string, unknown> = {}) {
    const order = { proxyType: "IPv4", orderIds: ["11111", "22222"], rentPeriodDays: 30, autoExtend: true };
    await fetch(`${mock.url}/client/api/v1/${apiKey}/extend/order/auto`, {
      method: "POST",
      headers: { "content-type": "application/json", prefer: `fault=${fault}` },
      body: JSON.stringify({ ...order, ...more }),
    });
  }

  /** Asks, and holds the answer to the document. */
  async function ask(operationId: string, target: string, asked: RequestParts = {}) {
    const operation = operations.find((each) => each.operationId === operationId);
    if (!operation) throw new Error(`The document has no operation ${operationId}.`);
    const { path, method } = operation;
    const pattern = new RegExp(`^${path.replace("{id}", "[^/?]+")}(\\?|$)`);
    expect(target).toMatch(pattern);
    const response = await send(method.toUpperCase(), `${mock.url}${target}`, asked);
    const status = String(response.statusCode);
    answered.add(`${operationId} ${status}`);
    const documented = operation.responses[status];
    expect(documented, `${operationId} answers ${status}`).toBeDefined();
    const own = `/paths/${pointerPart(path)}/${method}/responses/${status}`;
    const place = documented?.$ref?.slice(1) ?? own;
    const { content = {} } = documented?.$ref
      ? ((document.components as never as Record<string, Record<string, typeof documented>>).responses?.[
          documented.$ref.split("/").at(-1) ?? ""
        ] ?? {})
      : (documented ?? {});
    const mediaType = parse(response.headers["content-type"] ?? "").type;
    return {
      response,
      status,
      content,
      mediaType,
      schema: `${place}/content/${pointerPart(mediaType)}/schema`,
    };
  }

  async function askAndRead(operationId: string, target: string, asked: RequestParts = {}) {
    const { response, content, mediaType, schema } = await ask(operationId, target, asked);
    const body = await text(response);
    if (Object.keys(content).length === 0) return void expect(body).toBe("");
    expect(Object.keys(content)).toContain(mediaType);
    const value = mediaType === "text/plain" ? body : JSON.parse(body);
    expect(errorsOf(schema, value), `${operationId} ${body}`).toBe("");
    return value;
  }

  it.each([
    "getHealth",
    "getState",
    "listRequests",
    "listFaults",
    "listFaultPresets",
    "getClock",
    "getControlDocument",
    "listAccounts",
    "listOrders",
    "listAddresses",
    "getForecast",
    "listForecastEvents",
    "getRenewals",
    "listRenewalEvents",
  ])("asked for nothing in particular: %s", async (operationId) => {
    const { path = "" } = operations.find((each) => each.operationId === operationId) ?? {};
    expect(await askAndRead(operationId, path)).toBeTruthy();
  });

  it("asked why a request was answered so", async () => {
    for (const id of ["request-1", "request-2", "request-3", "last"]) {
      await askAndRead("explainRequest", `/__mock/requests/${id}`);
      await askAndRead("explainRequest", `/__mock/requests/${id}`, { headers: { accept: "text/plain" } });
    }
    await askAndRead("explainRequest", "/__mock/requests/request-99");
  });

  it("asked to order, show and take back faults", async () => {
    for (const body of examplesOf("addFault")) {
      await askAndRead("addFault", "/__mock/faults", { body });
    }
    await askAndRead("listFaults", "/__mock/faults");
    await askAndRead("addFault", "/__mock/faults", { body: { preset: "nope" } });
    await askAndRead("removeFault", "/__mock/faults/fault-1");
    await askAndRead("removeFault", "/__mock/faults/fault-1");
    await askAndRead("removeFaults", "/__mock/faults");
  });

  it("asked about accounts and orders, and to switch them", async () => {
    for (const body of examplesOf("searchAccounts")) {
      const { accounts } = await askAndRead("searchAccounts", "/__mock/accounts/search", { body });
      expect(accounts.length).toBeGreaterThan(0);
    }
    for (const query of ["?state=expired", "?sort=renewalPrice&descending=true&limit=1", "?search=nowhere"]) {
      await askAndRead("listOrders", `/__mock/orders${query}`);
    }
    await askAndRead("getOrder", "/__mock/orders/11111");
    await askAndRead("getOrder", "/__mock/orders/nowhere");
    for (const body of examplesOf("callOperation")) {
      const { answer } = await askAndRead("callOperation", "/__mock/operations?account=default", { body });
      expect(answer).toMatchObject({ success: true });
    }
    for (const body of examplesOf("restoreOrder")) {
      await askAndRead("restoreOrder", "/__mock/orders/11111/restore", { body });
    }
    await askAndRead("getForecast", "/__mock/forecast?days=366");
    const { events } = await askAndRead("listForecastEvents", "/__mock/forecast/events?limit=3");
    expect(events.length).toBeGreaterThan(0);
  });

  it("asked to generate a world", async () => {
    for (const body of [...examplesOf("generateWorld"), { orders: 0 }, { orders: 9, addresses: 3 }]) {
      await askAndRead("generateWorld", "/__mock/world", { body });
    }
    await askAndRead("reset", "/__mock/reset");
  });

  it("asked to verify", async () => {
    for (const body of [...examplesOf("verify"), { times: 0 }, { orderId: "none" }]) {
      await askAndRead("verify", "/__mock/verify", { body });
    }
  });

  it("asked to let time pass", async () => {
    const [account] = defaultWorld.accounts;
    await askAndRead("putState", "/__mock/state?account=default", {
      body: { version: 1, accounts: [{ ...account, orders: account?.orders.map(on) }] },
    });
    // An account is made with the first request of its key; no time passes for the template.
    await fetch(`${mock.url}/client/api/v1/renewing-key/balance`);
    // Renewed, unpaid, and expired.
    for (const body of [{ advance: { days: 200 } }, ...examplesOf("moveClock")]) {
      const passed = await askAndRead("moveClock", "/__mock/clock", { body });
      if ("advance" in body && passed.renewed === 0) expect(passed.renewals).toEqual([]);
    }
    const [renewing] = mock.state({ apiKey: "renewing-key" }).accounts;
    const past = `/__mock/renewals/events?account=${renewing?.id}&limit=3`;
    const { events } = await askAndRead("listRenewalEvents", past);
    expect(events).toHaveLength(3);
    await askAndRead("getState", "/__mock/state");
    await askAndRead("getClock", "/__mock/clock");
    await askAndRead("moveClock", "/__mock/clock", { body: {} });
  });

  it("asked to watch", async () => {
    mock.reset();
    const { response, schema } = await ask("watchEvents", "/__mock/events");
    mock.clock.freeze();
    mock.faults.add({ preset: "slow", match: { orderId: "nowhere" } });
    await fetch(`${mock.url}/__mock/requests`, { method: "DELETE" });
    await switchOn({ apiKey: "other-key", fault: "wrong-type" });
    mock.clock.advance({ days: 100 });
    mock.reset();
    let stream = "";
    for await (const chunk of response.setEncoding("utf8")) {
      stream += chunk;
      if (stream.includes('"because":"reset"}\n\n')) break;
    }
    const events = [...stream.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => JSON.parse(data));
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(["stream", "request", "change", "fault", "clock", "renewal", "queue", "log", "state"]),
    );
    expect(errorsOf(schema, events)).toBe("");
  });

  it("asked to put a world in, to forget, and to reset", async () => {
    for (const body of examplesOf("checkState")) {
      await askAndRead("checkState", "/__mock/state/check", { body });
    }
    await askAndRead("checkState", "/__mock/state/check", { body: { version: 2 } });
    for (const body of examplesOf("putState")) await askAndRead("putState", "/__mock/state", { body });
    await askAndRead("putState", "/__mock/state", { body: { version: 2 } });
    await askAndRead("putState", "/__mock/state", { body: "{" });
    await askAndRead("clearRequests", "/__mock/requests");
    await askAndRead("reset", "/__mock/reset");
  });

  it.each(refusable)(
    "asked with what its query does not have: $operationId",
    ({ operationId, target, body }) => askAndRead(operationId, `${target}?nothing=1`, { body }),
  );

  it.each(refusable)("asked under another name: $operationId", ({ operationId, target, body }) =>
    askAndRead(operationId, target, { body, headers: { host: "evil.example" } }),
  );

  it.each(refusable.filter(isAccountScoped))(
    "asked about an account that there is not: $operationId",
    ({ operationId, target, body }) => askAndRead(operationId, `${target}?account=nobody`, { body }),
  );

  it.each(refusable.filter(({ body }) => body))(
    "asked in anything but JSON: $operationId",
    ({ operationId, target }) =>
      askAndRead(operationId, target, { body: "{}", headers: { "content-type": "text/plain" } }),
  );

  it("asked to change a state that another mock has taken over", async () => {
    const folder = await mkdtemp(join(tmpdir(), "auto-extend-documents-"));
    const stateFile = join(folder, "state.json");
    const own = mock;
    const onStateTrouble = vi.fn();
    const first = await startMockServer({ stateFile, onStateTrouble });
    const second = await startMockServer({ stateFile });
    try {
      await vi.waitFor(() => expect(onStateTrouble).toHaveBeenCalled(), 30_000);
      mock = first;
      await askAndRead("putState", "/__mock/state", { body: defaultWorld });
      await askAndRead("reset", "/__mock/reset");
      await askAndRead("moveClock", "/__mock/clock", { body: { advance: { days: 1 } } });
      await askAndRead("generateWorld", "/__mock/world", { body: {} });
      const [call = {}] = examplesOf("callOperation");
      await askAndRead("callOperation", "/__mock/operations", { body: call });
      const [restored = {}] = examplesOf("restoreOrder");
      await askAndRead("restoreOrder", "/__mock/orders/11111/restore", { body: restored });
    } finally {
      mock = own;
      await Promise.allSettled([first.close(), second.close()]);
      await rm(folder, { recursive: true });
    }
  });

  // A stream of events has no end to wait for.
  it.each(operations.filter(({ operationId }) => operationId !== "watchEvents"))(
    "asked for what its examples show: $operationId",
    async ({ operationId, path, method, parameters }) => {
      const example = parameters.find(({ name }) => name === "id")?.example ?? "";
      // Of several accounts, it must be named.
      const query = operationId === "callOperation" ? "?account=default" : "";
      const bodies = examplesOf(operationId);
      for (const body of bodies.length > 0 ? bodies : [undefined]) {
        mock.reset();
        await switchOn({ orderIds: ["11111"] });
        const fault = mock.faults.add({ preset: "slow" });
        const id = operationId === "removeFault" ? fault.id : example;
        const url = `${mock.url}${path.replace("{id}", id)}${query}`;
        const response = await send(method.toUpperCase(), url, { body });
        expect(response.statusCode, await text(response)).toBeLessThan(300);
      }
    },
  );

  it("for all that is documented, but what takes a body of 64 MiB or a server behind the mock", () => {
    const documented = operations.flatMap(({ operationId, responses }) =>
      Object.keys(responses).map((status) => `${operationId} ${status}`),
    );
    expect(documented.filter((each) => !answered.has(each) && !/ (413|501)$/.test(each))).toEqual([]);
  });
});

describe("the schemas of the control API's document", () => {
  const state = { now: "2030-01-01T00:00:00.000Z", frozen: false, nextRenewal: null };

  it.each([
    ["an empty object", {}],
    ["a number in quotes", { ...state, frozen: "false" }],
    ["a null in place of a value", { ...state, now: null }],
    ["a field more", { ...state, more: 1 }],
  ])("refuse %s, so they judge", (_, answer) => {
    expect(errorsOf("/components/schemas/ClockState", state)).toBe("");
    expect(errorsOf("/components/schemas/ClockState", answer)).not.toBe("");
  });

  it("want what was sent and answered, whatever it is", () => {
    const required = document.components.schemas.LogEntry?.required;
    expect(required).toEqual(expect.arrayContaining(["sent", "answered", "fault"]));
  });
});

function examplesOf(operationId: string): Record<string, unknown>[] {
  const { requestBody } = operations.find((each) => each.operationId === operationId) ?? {};
  return Object.values(requestBody?.content["application/json"]?.examples ?? {}).map(
    ({ value }) => value as Record<string, unknown>,
  );
}

function on<Order extends { ipAddresses: readonly object[] }>(order: Order): Order {
  return { ...order, ipAddresses: order.ipAddresses.map((address) => ({ ...address, autoExtend: true })) };
}

/** `fetch` lets nobody choose the host. */
async function send(method: string, url: string, { headers, body }: RequestParts): Promise<IncomingMessage> {
  const sent = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  const type = sent === undefined ? {} : { "content-type": "application/json" };
  const asking = request(url, { method, headers: { ...type, ...headers }, agent: false }).end(sent);
  const [response] = await once(asking, "response");
  return response;
}

import type { ServerResponse } from "node:http";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogEntry } from "../../src/index.js";
import { forwarded } from "../../src/proxy/proxy.js";
import { testEngine } from "../support/call.js";
import { answering, asked, failure, path, send, startBehind, startProxy, success } from "./behind.js";

type Drifts = NonNullable<LogEntry["drift"]>;

interface Exchange {
  /** The JSON of the answer, or a listener. */
  readonly answer?: unknown;
  readonly status?: number;
  readonly sent?: Parameters<typeof send>[1];
}

/** The drift of one exchange through a proxy, and the header that its caller gets. */
async function exchanged({ answer = success, status = 200, sent }: Exchange) {
  const listener = typeof answer === "function" ? (answer as () => void) : answering(answer, status);
  const behind = await startBehind(listener);
  const mock = await startProxy(behind.url);
  const came = await send(mock.url, sent);
  return { drift: mock.requests()[0]?.drift as Drifts, header: came.headers["mock-drift"] };
}

const lineOf = ({ direction, level, part, path: at, statement }: Drifts[number]) =>
  `${direction} ${level} ${(part === "body" ? at : part) || "-"} ${statement ?? "-"}`;

describe("an exchange within the contract", () => {
  it.each([
    ["the documented success", success],
    ["the documented failure", failure],
    [
      "a failure with a code whose wording is not public",
      { ...failure, error: { code: 25, message: "Nix" } },
    ],
  ])("is reported without drift: %s", async (_, answer) => {
    expect(await exchanged({ answer })).toEqual({ drift: [], header: undefined });
  });

  it("is not looked for on paths outside the contract", async () => {
    const sent = { method: "GET", path: "/client/api/v1/any-key/orders" };
    expect(await exchanged({ answer: "anything", sent })).toEqual({ drift: undefined, header: undefined });
  });
});

it("reports dates that no calendar has in an answer, which passes through as it came", async () => {
  const record = { ipAddressId: "1", dateStart: "2026-04-31T00:00:00Z", dateEnd: "2027-02-29T00:00:00Z" };
  const answer = { success: true, orders: [{ orderId: "11111", ipAddresses: [record] }] };
  const sent = { method: "GET", path: "/client/api/v1/any-key/ipAddress" };
  const { drift, header } = await exchanged({ answer, sent });
  const dates = drift.filter(({ path: at }) => at.includes(".date")).map(lineOf);
  expect(dates).toEqual(
    ["dateStart", "dateEnd"].map((name) => `answer emits orders[0].ipAddresses[0].${name} -`),
  );
  expect(header).toContain("dateEnd: is not a date that exists");
});

describe("a request that drifts", () => {
  it.each([
    [{ ...asked, proxyType: "ipv4" }, "request lawful proxyType setAutoExtend/rule/proxy-type"],
    [{ ...asked, orderIds: ["NUMBER-1"] }, "request lawful orderIds[0] setAutoExtend/rule/order-ids"],
    [{ ...asked, rentPeriodDays: "30" }, "request lawful rentPeriodDays setAutoExtend/rule/rental-period"],
    [{ ...asked, autoExtend: 1 }, "request lawful autoExtend setAutoExtend/rule/auto-extend"],
    [[], "request lawful - setAutoExtend/malformed-fields"],
    [{ ...asked, note: 1 }, "request emits - setAutoExtend/unknown-fields"],
  ])("names the field and the rule: %j", async (body, expected) => {
    const { drift, header } = await exchanged({ answer: failure, sent: { body } });
    expect(drift.map(lineOf)).toEqual([expected]);
    expect(header).toMatch(/^1 difference: request \[(lawful|emits)\]/);
  });

  it.each([
    ["broken JSON", { body: "{" }, "transport/malformed-json"],
    ["text", { headers: { "content-type": "text/plain" } }, "transport/unsupported-media-type"],
    ["a large body", { body: `"${"x".repeat(2 ** 21)}"` }, "transport/too-large"],
    ["another method", { method: "GET" }, "transport/method-not-allowed"],
  ])("is reported before any rule: %s", async (_, sent, statement) => {
    const { drift } = await exchanged({ answer: failure, sent });
    expect(drift.map(lineOf)).toEqual([`request lawful - ${statement}`, `answer lawful - ${statement}`]);
  });

  it("is no drift of the answer if it is the assumed problem", async () => {
    const problem = { type: "about:blank", title: "No", status: 400, detail: "No", traceId: "1" };
    const answer = (_: unknown, response: ServerResponse) =>
      void response
        .writeHead(400, { "content-type": "application/problem+json" })
        .end(JSON.stringify(problem));
    expect((await exchanged({ answer, sent: { body: "{" } })).drift.map(lineOf)).toEqual([
      "request lawful - transport/malformed-json",
    ]);
  });

  it("makes a success drift, too: the contract says that it is refused", async () => {
    const { autoExtend: _, ...body } = asked;
    const { drift } = await exchanged({ sent: { body } });
    expect(drift.map(lineOf)).toContain("answer lawful success setAutoExtend/rule/auto-extend");
    expect(drift.at(-1)?.message).toContain("error 35 was expected");
    expect((await exchanged({ sent: { body: null } })).drift.map(lineOf)).toContain(
      "answer lawful success setAutoExtend/malformed-fields",
    );
  });

  it("makes a refusal drift that is another rule's, unless that one is tried before", async () => {
    const { orderIds: _, ...rest } = asked;
    const body = { ...rest, rentPeriodDays: "30" };
    const answered = async (code: number, message: string) =>
      (await exchanged({ answer: { ...failure, error: { code, message } }, sent: { body } })).drift
        .filter(({ direction }) => direction === "answer")
        .map(lineOf);
    expect(await answered(4, "Incorrect proxy type")).toEqual([]);
    expect(await answered(29, "Incorrect orderIds")).toEqual([]);
    const drifts = ["answer lawful error.code setAutoExtend/rule/order-ids"];
    expect(await answered(11, "Incorrect rental period")).toEqual(drifts);
    expect(await answered(35, "Unknown error")).toEqual(drifts);
  });
});

describe("an answer that drifts", () => {
  const { ipAddressIds: _, ...newer } = success;
  const changed = (change: object) => ({ ...success, ...change });

  it.each([
    ["what the newer page shows", "emits", { ...newer, orderIds: ["11111"] }, ["ipAddressIds", "orderIds"]],
    [
      "fields that nobody knows",
      "emits",
      changed({ requestId: "1", warnings: [] }),
      ["requestId", "warnings"],
    ],
    ["no balance", "lawful", changed({ balance: null, currency: null }), ["balance", "currency"]],
    ["an IP address too much in a failure", "lawful", { ...failure, quantity: 1 }, ["quantity"]],
    [
      "no data in a failure",
      "lawful",
      { success: false, error: { code: 4, message: "Incorrect proxy type" } },
      ["proxyType", "rentPeriodDays", "quantity", "ipAddressIds", "balance", "currency"],
    ],
  ])("is reported with its level, although our client can use it: %s", async (_, level, answer, paths) => {
    const { drift } = await exchanged({ answer });
    expect(drift.map(({ path: at }) => at).sort()).toEqual(paths.toSorted());
    expect(drift.map((each) => `${each.direction} ${each.level}`)).toEqual(
      paths.map(() => `answer ${level}`),
    );
  });

  it.each([
    ["a quantity as a string", changed({ quantity: "1" }), "quantity", "setAutoExtend/success"],
    ["another quantity than IP addresses", changed({ quantity: 2 }), "quantity", "setAutoExtend/quantity"],
    ["another proxy type", changed({ proxyType: "ISP" }), "proxyType", "setAutoExtend/success"],
    ["other orders", { ...newer, orderIds: ["9"] }, "orderIds", "setAutoExtend/success"],
    ["no error in a failure", { ...failure, error: null }, "error", "setAutoExtend/failure"],
    ["no verdict", { ...success, success: "true" }, "success", "setAutoExtend/status"],
    ["a list", [success], "success", "setAutoExtend/status"],
  ])("is contradicted by any other answer: %s", async (_, answer, at, statement) => {
    const { drift, header } = await exchanged({ answer });
    expect(drift[0]).toMatchObject({ direction: "answer", level: "accepts", path: at, statement });
    expect(header).toContain("answer [accepts]");
  });

  it.each([
    ["a success under 201", success, 201, ["answer lawful status setAutoExtend/status"]],
    ["a success under 500", success, 500, ["answer accepts status setAutoExtend/status"]],
    ["a failure under 503", failure, 503, ["answer lawful status setAutoExtend/status"]],
  ])("is measured by HTTP as our client does: %s", async (_, answer, status, expected) => {
    expect((await exchanged({ answer, status })).drift.map(lineOf)).toEqual(expected);
  });

  it.each([
    ["is a page", "<html>", "is not JSON"],
    ["is empty", "", "is empty"],
    ["is not UTF-8", Buffer.from([0xff]), "is not UTF-8"],
  ])("is contradicted, under another name, if it %s", async (_, body, says) => {
    const answer = (_: unknown, response: ServerResponse) =>
      void response.writeHead(200, { "content-type": "text/html" }).end(body);
    const { drift } = await exchanged({ answer });
    expect(drift).toMatchObject([
      { level: "accepts", message: expect.stringContaining(says) },
      { level: "lawful", part: "content-type" },
    ]);
  });

  it("cannot be checked if its content encoding is unknown", async () => {
    const answer = (_: unknown, response: ServerResponse) =>
      void response
        .writeHead(200, { "content-type": "application/json", "content-encoding": "zstd" })
        .end("{}");
    expect((await exchanged({ answer })).drift).toMatchObject([{ message: "The body can't be unpacked" }]);
  });

  it.each([
    ["a message of its own", { code: 4, message: "Wrong type" }, "emits error.message error-code/4"],
    ["a code in no list", { code: 9_999, message: "New" }, "emits error.code -"],
    ["a code of another request", { code: 19, message: "Error 19" }, "emits error.code error-code/19"],
    [
      "a balance of nobody",
      { code: 2, message: "Error api key" },
      "lawful balance setAutoExtend/rule/api-key",
    ],
  ])("is reported if an error has %s", async (_, error, expected) => {
    const { drift } = await exchanged({ answer: { ...failure, error } });
    expect(drift.map(lineOf)).toEqual([`answer ${expected}`]);
  });

  it("is reported within bounds, the most serious first", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`${index}${"x".repeat(300)}`, 1]),
    );
    const { drift, header } = await exchanged({ answer: { ...many, ...success, quantity: 7 } });
    expect(drift).toHaveLength(20);
    expect(drift[0]).toMatchObject({ level: "accepts", path: "quantity" });
    expect(header?.length).toBeLessThan(1_100);
  });

  it("is reported in a header of visible ASCII characters", async () => {
    const { header } = await exchanged({
      answer: { ...failure, error: { code: 4, message: "Тип\r\n\u0007" } },
    });
    expect(header).toMatch(/^[\x20-\x7e]+$/);
    expect(header).toContain("\\u0422");
  });
});

describe("any answer", () => {
  // A proxy that fails over an answer would keep it from whoever waits for it.
  it("to any request is checked, and forwarded as it came", async () => {
    const engine = testEngine();
    const object = fc.dictionary(
      fc.constantFrom(...Object.keys(success), "orderIds", "other"),
      fc.jsonValue(),
    );
    const json = fc.oneof(
      fc.jsonValue(),
      object,
      object.map((fields) => ({ ...success, ...fields })),
      object.map((fields) => ({ ...failure, ...fields })),
    );
    const bytes = fc.oneof(
      json.map((value) => Buffer.from(JSON.stringify(value))),
      fc.uint8Array(),
    );
    await fc.assert(
      fc.asyncProperty(
        bytes,
        bytes,
        fc.integer({ min: 200, max: 599 }),
        fc.string(),
        async (sent, body, status, type) => {
          const begun = engine.begin({
            method: "POST",
            target: path,
            headers: { "content-type": "application/json" },
            body: sent,
          });
          const headers = ["content-type", type];
          const { answer, drift = [] } = forwarded(begun, { status, headers, body });
          expect(answer.body).toBe(body);
          expect(drift.length).toBeLessThanOrEqual(20);
        },
      ),
      { seed: Number(process.env.FUZZ_SEED ?? 1), numRuns: 300 },
    );
  });
});

describe("what drifts", () => {
  it("is in events as well, and is reported even if a fault keeps the answer", async () => {
    const behind = await startBehind(answering({ ...success, extra: 1 }));
    const published: unknown[] = [];
    const mock = await startProxy(behind.url);
    mock.watch((event) => event.type === "request" && published.push(event.request.drift));
    await send(mock.url, { path });
    await send(mock.url, {
      headers: { "content-type": "application/json", prefer: "fault=lost-answer" },
    }).catch(() => {});
    const extra = [{ direction: "answer", level: "emits", path: "extra" }];
    expect(published).toMatchObject([extra, extra]);
  });
});

import {
  type EmittedAnswers,
  listIpAddresses,
  proxyTypes,
  readIpAddressList,
  specOf,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { sampleOf } from "../../../src/engine/operations/list-ip-addresses.js";
import { defaultWorld } from "../../../src/engine/state/world.js";
import { generateWorld } from "../../../src/engine/state/world-generator.js";
import { accountIdOf, ask, testEngine, testNow } from "../../support/call.js";

type Engine = ReturnType<typeof testEngine>;
const list = (engine: Engine, query: object = {}) => ask(engine, listIpAddresses, query);

type Records =
  EmittedAnswers<"listIpAddresses">["success"]["ipAddresses"][number]["orders"][number]["ipAddresses"];

function recordsOf({ ipAddresses }: EmittedAnswers<"listIpAddresses">["success"]): Records {
  return ipAddresses.flatMap(({ orders }) => orders.flatMap((order) => order.ipAddresses));
}

/** Order IDs by proxy type, as the answer has them. */
function outline(json: { ipAddresses: { proxyType: string; orders: { orderId: string }[] }[] }) {
  return json.ipAddresses.map(({ proxyType, orders }) => [
    proxyType,
    ...orders.map(({ orderId }) => orderId),
  ]);
}

describe("the list of IP addresses", () => {
  it("is grouped by proxy type and order, each record as the contract describes it", () => {
    const { json } = list(testEngine());
    expect(outline(json)).toEqual([
      ["IPv4", "11111", "22222"],
      ["IPv6", "33333", "66666"],
      ["MOBILE", "44444"],
      ["ISP", "55555"],
    ]);
    expect(specOf(listIpAddresses).emits.success.parse(json)).toEqual(json);
    expect(json.ipAddresses[1].orders[1].ipAddresses[1]).toEqual({
      ipAddressId: "6666666666666666662",
      ipAddressIp: "2001:db8::62",
      country: "NLD",
      proxyType: "IPv6",
      dateStart: "2029-12-17T00:00:00.000Z",
      dateEnd: "2030-02-15T00:00:00.000Z",
      httpsPort: 8000,
      socks5Port: 8001,
      protocol: "HTTP",
      authInfo: {
        login: expect.stringMatching(/^mock-login-[0-9a-z]+$/),
        password: expect.stringMatching(/^mock-password-[0-9a-z]+$/),
      },
      extendInfo: { autoExtend: false, extendDays: 30 },
    });
  });

  it("has an operator, a rotation and a secret link in records of MOBILE, and in no others", () => {
    const mobile = {
      mobileOperator: "Mock Mobile",
      rotationTime: 5,
      rebootLink: expect.stringMatching(/^https:\/\/modem\.example\/reboot\?token=mock-token-[0-9a-z]+$/),
    };
    for (const { proxyType, mobileOperator, rotationTime, rebootLink } of recordsOf(
      list(testEngine()).json,
    )) {
      const found = { mobileOperator, rotationTime, rebootLink };
      expect(found).toEqual(proxyType === "MOBILE" ? mobile : {});
    }
  });

  it("says of each address when its current rental began: never in the future", () => {
    for (const world of [defaultWorld, generateWorld({ orders: 200, seed: 9 })]) {
      const { json } = list(testEngine({ world }));
      expect(recordsOf(json).length).toBeGreaterThan(0);
      for (const { dateStart, dateEnd, extendInfo } of recordsOf(json)) {
        const [start, end] = [Date.parse(dateStart), Date.parse(dateEnd)];
        expect(start).toBeLessThanOrEqual(testNow);
        expect((end - start) % (extendInfo.extendDays * 86_400_000)).toBe(0);
        expect(start + extendInfo.extendDays * 86_400_000).toBeGreaterThan(Math.min(testNow, end - 1));
      }
    }
  });

  it("has one proxy type if the query names one", () => {
    for (const proxyType of proxyTypes) {
      const { json, headers } = list(testEngine(), { proxyType });
      expect(json.ipAddresses).toHaveLength(1);
      expect(json.ipAddresses[0].proxyType).toBe(proxyType);
      expect(headers["mock-explanation"]).toContain(`of type ${proxyType}`);
    }
  });

  it("has made-up credentials of its own for each IP address, and the same ones each time", () => {
    const logins = ({ body }: { body: string }) => [...body.matchAll(/mock-login-\w+/g)].map(String);
    const engine = testEngine();
    const first = logins(list(engine));
    expect(new Set(first).size).toBe(8);
    expect(logins(list(engine))).toEqual(first);
    expect(logins(list(testEngine(), { proxyType: "IPv4" }))).toEqual(first.slice(0, 3));
  });

  it("omits ended addresses, and orders and types without any other", () => {
    const engine = testEngine();
    list(engine);
    engine.time.move({ advance: { days: 31 } });
    expect(outline(list(engine).json)).toEqual([
      ["IPv4", "22222"],
      ["IPv6", "66666"],
    ]);
    expect(list(engine, { proxyType: "ISP" }).body).toBe('{"success":true,"ipAddresses":[],"error":null}');
    engine.time.move({ advance: { days: 31 } });
    expect(list(engine).json.ipAddresses).toEqual([]);
  });

  it("is read by our own reader: every IP address, with its order and its switch", () => {
    const engine = testEngine({ world: generateWorld({ orders: 50, seed: 3 }) });
    const { orders, issues } = readIpAddressList(list(engine).json);
    const state = engine.state(accountIdOf("test-key-1")).accounts[0]?.orders ?? [];
    expect(issues).toEqual([]);
    const byId = new Map(orders.map((order) => [order.orderId, order]));
    expect(byId.size).toBe(state.length);
    for (const { orderId, proxyType, ipAddresses } of state) {
      expect(byId.get(orderId)).toMatchObject({
        proxyType,
        ipAddresses: ipAddresses.map(({ ipAddressId, autoExtend, rentPeriodDays, endsAt }) => ({
          ipAddressId,
          autoExtend,
          rentPeriodDays,
          endsAt,
        })),
      });
    }
  });
});

describe("the records that are checked against the contract", () => {
  const json = list(testEngine({ world: generateWorld({ orders: 400, addresses: 2_000, seed: 4 }) })).json;

  const sampled = (envelope: { ipAddresses: Parameters<typeof sampleOf>[0] }) => ({
    ...envelope,
    ipAddresses: sampleOf(envelope.ipAddresses),
  });

  it("are all of a short list, and some hundreds of a long one, from its beginning to its end", () => {
    const short = list(testEngine()).json;
    expect(sampleOf(short.ipAddresses)).toBe(short.ipAddresses);
    const ids = (envelope: object) =>
      readIpAddressList(envelope).orders.flatMap(({ ipAddresses }) =>
        ipAddresses.map((each) => each.ipAddressId),
      );
    const all = ids(json);
    const sample = ids(sampled(json));
    expect(sample).toEqual(all.filter((_, index) => index % 4 === 0));
    expect(sample).toHaveLength(500);
  });

  it("show a mistake that all of them have", () => {
    const spoiled = JSON.parse(JSON.stringify(json).replaceAll('"country":', '"land":'));
    expect(specOf(listIpAddresses).emits.success.safeParse(sampled(spoiled)).success).toBe(false);
    expect(specOf(listIpAddresses).emits.success.safeParse(sampled(json)).success).toBe(true);
  });
});

describe("a long list, over a channel that takes parts", () => {
  const world = generateWorld({ orders: 400, addresses: 2_500, seed: 4 });
  const target = "/client/api/v1/any-key/ipAddress";
  const send = (engine: Engine, more: object = {}) =>
    engine.handle({ method: "GET", target, headers: {}, body: new Uint8Array(), ...more });

  it("is the same text, in parts that are written when they are taken", () => {
    const engine = testEngine({ world });
    const whole = send(engine);
    const { parts = [], body } = send(engine, { takesParts: true });
    const texts = [...parts];
    expect(body).toBe("");
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.join("")).toBe(whole.body);
    const [first, second] = engine.requests();
    // Nobody said that the second answer was sent.
    const { id, arrivedAt } = second ?? {};
    expect(second).toEqual({ ...first, id, arrivedAt, durationMs: null });
  });

  it("shows the state when it was asked for, whatever is switched while it is sent", () => {
    const engine = testEngine({ world });
    const before = send(engine).body;
    const { parts = [] } = send(engine, { takesParts: true });
    const taking = parts[Symbol.iterator]();
    const texts = [taking.next().value];
    engine.time.move({ advance: { days: 200 } });
    for (let next = taking.next(); !next.done; next = taking.next()) texts.push(next.value);
    expect(texts.join("")).toBe(before);
  });

  it("is in one piece if it is short, if a fault changes it, or for one proxy type with few", () => {
    const engine = testEngine({ world });
    expect(send(testEngine(), { takesParts: true }).parts).toBeUndefined();
    const headers = { prefer: "fault=truncated" };
    const spoiled = send(engine, { takesParts: true, headers });
    expect(spoiled.parts).toBeUndefined();
    expect(spoiled.body.length).toBeGreaterThan(100_000);
    const few = send(engine, { takesParts: true, target: `${target}?proxyType=MOBILE` });
    expect([few.parts, typeof few.body]).toEqual([undefined, "string"]);
  });
});

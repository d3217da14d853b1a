import { problem, setAutoExtend, specOf } from "@auto-extend/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { call, on, testEngine } from "../support/call.js";

const seed = Number(process.env.FUZZ_SEED ?? 1);
const parameters = { seed, numRuns: 1_000 };
console.info(`FUZZ_SEED=${seed}`);

/** Any character. `unit: "binary"` draws the same ones, but first makes a table of the million that there are. */
const anyCharacter = fc
  .nat({ max: 0x10_ffff - 0x800 })
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

const field = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom("IPv4", "IPv6", "MOBILE", "ISP", "11111", 30, true, false),
);
const nearly = fc.record(
  {
    proxyType: fc.oneof(fc.constantFrom("IPv4", "IPv6", "MOBILE", "ISP"), field),
    orderIds: fc.oneof(
      fc.array(fc.constantFrom("11111", "22222", "33333", "44444", "55555", "66666")),
      field,
    ),
    rentPeriodDays: fc.oneof(fc.constantFrom(30, 60), field),
    autoExtend: fc.oneof(fc.boolean(), field),
  },
  { requiredKeys: [] },
);

const engine = testEngine();

function holds(body: unknown, sent: Parameters<typeof call>[2] = {}): void {
  engine.reset();
  const start = engine.state("default").accounts[0]?.orders;
  const { status, json, headers } = call(engine, body, sent);
  if (status === 200) {
    const { check } = setAutoExtend;
    const { emits } = specOf(setAutoExtend);
    expect(emits[json.success ? "success" : "failure"].safeParse(json).success).toBe(true);
    const asked = typeof body === "object" && body !== null ? body : {};
    expect(check(asked, json, { show: JSON.stringify, headers: {} })).toEqual([]);
  } else {
    expect([400, 404, 405, 413, 415]).toContain(status);
    expect(problem.parse(json).status).toBe(status);
  }
  expect(Object.values(headers).filter((value) => !/^[\x20-\x7e]*$/.test(value))).toEqual([]);
  if (json.success === true) return;
  const due = JSON.stringify(start);
  for (const { orders } of engine.state().accounts) {
    // `expect` would take most of the time.
    if (JSON.stringify(orders) !== due) expect(orders).toEqual(start);
  }
}

it("answers any JSON within the contract", () => {
  fc.assert(
    fc.property(fc.oneof(nearly, fc.jsonValue()), (body) => holds(body)),
    parameters,
  );
});

it("answers any bytes within the contract", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (body) => holds(body)),
    parameters,
  );
});

it("answers any content type, API key and path within the contract", () => {
  const text = fc.string({ unit: anyCharacter, maxLength: 30 });
  // Short, since the pattern that hides an API key takes milliseconds to make of so many strange characters.
  const key = fc.string({ unit: anyCharacter, maxLength: 10 });
  const segment = key.filter((given) => !/\p{Surrogate}/u.test(given)).map(encodeURIComponent);
  const sent = fc.oneof(
    text.map((contentType) => ({ headers: { "content-type": contentType } })),
    segment.map((apiKey) => ({ path: `/client/api/v1/${apiKey}/extend/order/auto` })),
    text.map((path) => ({ path: `/client/${path}` })),
  );
  fc.assert(
    fc.property(sent, (each) => holds(on, each)),
    parameters,
  );
});

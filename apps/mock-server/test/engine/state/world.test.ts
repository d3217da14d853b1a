import { describe, expect, it } from "vitest";
import { defaultWorld, readWorld, WorldError } from "../../../src/engine/state/world.js";
import { withLines } from "../../../src/engine/state/world-issues.js";
import { lastTimestamp } from "../../../src/lib/dates.js";
import { testNow } from "../../support/call.js";

const address = { ipAddressId: "a", ip: "192.0.2.1", country: "DE" };
const order = { orderId: "o", proxyType: "IPv4", endsAt: "+1d", ipAddresses: [address] };
const account = { id: "x", balance: 1, currency: "USD", rentPeriods: { IPv4: [30] }, orders: [order] };

function issuesOf(world: unknown): string[] {
  try {
    readWorld(world);
  } catch (error) {
    if (error instanceof WorldError) return error.issues.map(({ path }) => path);
  }
  return [];
}

it("is not a state file", () => {
  const state = { format: "auto-extend-mock-state", version: 2, accounts: [] };
  expect(() => readWorld(state)).toThrow("is a state file, not a world");
});

describe("a world", () => {
  it("is the default account without changes", () => {
    expect(
      readWorld(defaultWorld)
        .accounts(testNow)[0]
        ?.orders.map(({ orderId }) => orderId),
    ).toEqual(["11111", "22222", "33333", "44444", "55555", "66666"]);
  });

  it.each([
    ["+30d", "2030-01-31T00:00:00.000Z"],
    ["+12h", "2030-01-01T12:00:00.000Z"],
    ["2031-05-01T12:00:00+02:00", "2031-05-01T10:00:00.000Z"],
  ])("makes %s absolute", (endsAt, expected) => {
    const spelled = { ...address, ipAddressId: "b", endsAt };
    const orders = [
      { ...order, endsAt, ipAddresses: [address] },
      { ...order, orderId: "p", ipAddresses: [spelled] },
    ];
    const [read] = readWorld({ version: 1, accounts: [{ ...account, orders }] }).accounts(testNow);
    expect(read?.orders.map(({ ipAddresses }) => ipAddresses[0]?.endsAt)).toEqual([expected, expected]);
  });

  it("fills in the defaults of an address", () => {
    const read = readWorld({ version: 1, accounts: [account] });
    expect(read.accounts(testNow)[0]).toMatchObject({ prices: {} });
    expect(read.accounts(testNow)[0]?.orders[0]?.ipAddresses[0]).toEqual({
      ...address,
      autoExtend: false,
      rentPeriodDays: 30,
      endsAt: "2030-01-02T00:00:00.000Z",
    });
    expect(read.renewals).toEqual({ leadTimeHours: 0, retryHours: null });
    expect(read.startsAt).toBeNull();
  });

  it("requires an end of every address, its order's or its own", () => {
    const { endsAt: _, ...endless } = order;
    const world = (orders: unknown[]) => ({ version: 1, accounts: [{ ...account, orders }] });
    expect(issuesOf(world([endless]))).toEqual(["accounts[0].orders[0].endsAt"]);
    expect(issuesOf(world([{ ...endless, ipAddresses: [{ ...address, endsAt: "+1d" }] }]))).toEqual([]);
  });

  it("takes only amounts that can be counted exactly", () => {
    const world = (change: object) => ({ version: 1, accounts: [{ ...account, ...change }] });
    expect(issuesOf(world({ balance: 0.000_000_1 }))).toEqual(["accounts[0].balance"]);
    expect(issuesOf(world({ prices: { IPv4: { 30: 1 / 3 } } }))).toEqual(["accounts[0].prices.IPv4.30"]);
    const many = Array.from({ length: 20 }, (_, index) => ({ ...address, ipAddressId: `a${index}` }));
    const dear = { prices: { IPv4: { 30: 999_999_999 } }, orders: [{ ...order, ipAddresses: many }] };
    expect(issuesOf(world(dear))).toEqual(["accounts[0].prices.IPv4.30"]);
    expect(issuesOf(world({ prices: { IPv4: { thirty: 1 } } }))).toEqual(["accounts[0].prices.IPv4.thirty"]);
    expect(issuesOf(world({ prices: { IPv4: { 30: 0.8 }, IPv6: { 90: 2 } } }))).toEqual([]);
  });

  it("reports all problems at once, with their paths", () => {
    const world = {
      version: 1,
      accounts: [
        { ...account, balance: "5", extra: 1 },
        {
          ...account,
          orders: [
            order,
            { ...order, proxyType: "SOCKS", endsAt: "soon", ipAddresses: [{ ...address, ip: "1.2.3" }] },
          ],
        },
      ],
    };
    expect(issuesOf(world).sort()).toEqual(
      [
        "accounts[0]",
        "accounts[0].balance",
        "accounts[1].id",
        "accounts[1].orders[1].endsAt",
        "accounts[1].orders[1].ipAddresses[0].ip",
        "accounts[1].orders[1].ipAddresses[0].ipAddressId",
        "accounts[1].orders[1].orderId",
        "accounts[1].orders[1].proxyType",
      ].sort(),
    );
  });

  it.each([
    "2030-13-01T00:00:00Z",
    "2030-01-01T00:00:00+99:99",
    "2030-02-30T25:00:00Z",
    "2030-01-01",
    "+1w",
    "soon",
  ])("does not read %s as a date", (endsAt) => {
    expect(issuesOf({ version: 1, accounts: [{ ...account, orders: [{ ...order, endsAt }] }] })).toEqual([
      "accounts[0].orders[0].endsAt",
    ]);
  });

  it.each([
    [{ balance: "5" }, "accounts[0].balance: must be a number, not a string"],
    [{ balance: undefined }, "accounts[0].balance: is required (a number)"],
    [{ extra: 1 }, 'accounts[0]: unknown field "extra" (known: id, apiKey,'],
    [{ id: "" }, "accounts[0].id: must not be empty"],
    [{ rentPeriods: { IPv4: [0] } }, "accounts[0].rentPeriods.IPv4[0]: must be at least 1"],
    [
      { orders: [{ ...order, proxyType: "ipv4" }] },
      "proxyType: must be one of IPv4, IPv6, MOBILE, ISP, in this spelling",
    ],
    [{ orders: [{ ...order, ipAddresses: [] }] }, "ipAddresses: must not be empty: list at least one"],
    [
      { orders: [{ ...order, ipAddresses: [{ ...address, ip: "x" }] }] },
      'ip: must be an IPv4 or IPv6 address, such as "192.0.2.1"',
    ],
    [{ orders: {} }, "accounts[0].orders: must be a list, not an object"],
  ])("says in plain words what is wrong with %j", (change, says) => {
    expect(() => readWorld({ version: 1, accounts: [{ ...account, ...change }] })).toThrow(says);
  });

  it.each([
    [{ startsAt: "9000-01-01T00:00:01Z" }, "startsAt: must be 9000-01-01T00:00:00.000Z at the latest"],
    [{ startsAt: "0000-01-01T00:00:00+01:00" }, "startsAt: must be in the years 0000 to 9999 in UTC, too"],
    [{ renewals: { leadTimeHours: 876_001 } }, "renewals.leadTimeHours: must be at most 876000"],
    [{ accounts: [{ ...account, rentPeriods: { IPv4: [36_501] } }] }, "must be at most 36500"],
    ...["9999-12-31T23:59:59-00:01", "+100000d"].map((endsAt) => [
      { accounts: [{ ...account, orders: [{ ...order, endsAt }] }] },
      "accounts[0].orders[0].endsAt: must be ",
    ]),
    ...[{ rentPeriodDays: 36_501 }, { failedAt: "9999-12-31T23:59:59-00:01" }].map((more) => [
      { accounts: [{ ...account, orders: [{ ...order, ipAddresses: [{ ...address, ...more }] }] }] },
      `accounts[0].orders[0].ipAddresses[0].${Object.keys(more)}: must be `,
    ]),
  ] as [object, string][])(
    "leads to no moment with more than four digits of the year: not %j",
    (change, says) => {
      expect(() => readWorld({ version: 1, accounts: [account], ...change })).toThrow(says);
    },
  );

  it("keeps each date in the same form, however it was written", () => {
    const ends = { endsAt: "2030-01-31T02:00+02:00", failedAt: "2030-01-30T00:00-01:00" };
    const orders = [{ ...order, ipAddresses: [{ ...address, ...ends }] }];
    const [read] = readWorld({ version: 1, accounts: [{ ...account, orders }] }).accounts(0);
    expect(read?.orders[0]?.ipAddresses[0]).toMatchObject({
      endsAt: "2030-01-31T00:00:00.000Z",
      failedAt: "2030-01-30T01:00:00.000Z",
    });
  });

  it("may have orders that never end, as far as the mock knows", () => {
    const orders = ["9999-12-31T23:59:59.999Z", "+99999d"].map((endsAt, index) => ({
      ...order,
      orderId: `o${index}`,
      endsAt,
      ipAddresses: [{ ...address, ipAddressId: `a${index}` }],
    }));
    const read = readWorld({ version: 1, accounts: [{ ...account, orders }] });
    const ends = read.accounts(lastTimestamp)[0]?.orders.map(({ ipAddresses }) => ipAddresses[0]?.endsAt);
    expect(ends).toEqual(["9999-12-31T23:59:59.999Z", "9273-10-15T00:00:00.000Z"]);
  });

  it("reports an API key that is used twice without quoting it", () => {
    const twice = {
      version: 1,
      accounts: ["a", "b"].map((id) => ({ ...account, id, apiKey: "a-secret-key" })),
    };
    expect(issuesOf(twice)).toEqual(["accounts[1].apiKey"]);
    expect(() => readWorld(twice)).not.toThrow("a-secret-key");
  });

  it.each([
    [undefined],
    [null],
    [1],
    ["x"],
    [[]],
    [{ accounts: [null] }],
    [{ accounts: [{ orders: [null] }] }],
  ])("is never made of %j", (input) => {
    expect(() => readWorld(input)).toThrow(WorldError);
  });
});

it("the problems of a world have the lines and columns of its text, in their order", () => {
  const text = '{\n"version": 1,\n"accounts": [\n{ "id": "a" },\n{ "id": "b",\n"balance": "5" }\n]\n}';
  const at = (path: string) => ({ path, message: "is wrong" });
  const issues = ["accounts[1].balance", "version", "accounts[0].balance", "startsAt", "accounts[1].id"].map(
    at,
  );
  expect(withLines(issues, text).map(({ path, line, column }) => [line, column, path])).toEqual([
    [1, 1, "startsAt"],
    [2, 1, "version"],
    [4, 1, "accounts[0].balance"],
    [5, 3, "accounts[1].id"],
    [6, 1, "accounts[1].balance"],
  ]);
});

it("an unknown field is marked where it stands, and of a repeated one the last, which counts", () => {
  const text =
    '{\n"version": 1,\n"balanse": 1,\n"version": 2,\n"accounts": [\n[],\n{\n"id": "a",\n"id": 7,\n"x": 0\n}\n]}';
  const issues = [
    { path: "", message: 'unknown field "balanse" (did you mean "balance"?)' },
    { path: "version", message: "must be 1" },
    { path: "accounts[1].id", message: "must be a text" },
    { path: "accounts[1]", message: 'unknown fields "x", "y" (known: id)' },
  ];
  expect(withLines(issues, text).map(({ line }) => line)).toEqual([3, 4, 9, 10]);
});

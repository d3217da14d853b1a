import { listIpAddresses, readIpAddressList, specOf } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { findingsOf } from "../support/check.js";
import { fc } from "../support/fuzz.js";

const record = {
  ipAddressId: "1111111111111111111",
  ipAddressIp: "192.0.2.11",
  country: "DEU",
  dateStart: "2030-01-01T00:00:00.000Z",
  dateEnd: "2030-01-31T00:00:00.000Z",
  authInfo: { login: "who", password: "secret" },
  extendInfo: { autoExtend: true, extendDays: 30 },
};

const read = {
  ipAddressId: "1111111111111111111",
  ip: "192.0.2.11",
  country: "DEU",
  startsAt: "2030-01-01T00:00:00.000Z",
  endsAt: "2030-01-31T00:00:00.000Z",
  autoExtend: true,
  rentPeriodDays: 30,
};

const order = { orderId: "11111", proxyType: "IPv4", ipAddresses: [read] };

describe("readIpAddressList", () => {
  it.each<[string, unknown]>([
    [
      "groups with a proxy type",
      {
        success: true,
        ipAddresses: [{ proxyType: "IPv4", orders: [{ orderId: "11111", ipAddresses: [record] }] }],
      },
    ],
    [
      "groups named by the proxy type",
      { success: true, data: { ipv4: [{ orderId: "11111", ips: [record] }] } },
    ],
    [
      "records that say everything themselves",
      { list: [{ ...record, orderId: "11111", proxyType: "IPv4" }] },
    ],
    ["a list alone", [{ ...record, orderId: "11111", proxyType: "IPv4" }]],
    ["an order ID as a number", { IPv4: [{ orderId: 11_111, list: [record] }] }],
    [
      "dates and states written in other ways",
      {
        IPv4: [
          {
            orderId: "11111",
            list: [
              {
                ...record,
                dateStart: "01.01.2030",
                dateEnd: 1_896_048_000,
                extendInfo: { autoExtend: "true", extendDays: "30" },
              },
            ],
          },
        ],
      },
    ],
  ])("finds the orders in %s", (_, answer) => {
    expect(readIpAddressList(answer)).toEqual({
      orders: [order],
      issues: [],
      unreadCount: 0,
      isComplete: true,
      announced: [],
    });
  });

  it("names the first of many records that cannot be read, and counts them", () => {
    const list = Array.from({ length: 250 }, () => ({ ipAddressId: null }));
    const { issues, unreadCount } = readIpAddressList({ list: [...list, { ...record, orderId: "1" }] });
    expect(issues).toHaveLength(100);
    expect(unreadCount).toBe(250);
  });

  it("finds what the contract emits", () => {
    const { orders } = readIpAddressList(specOf(listIpAddresses).examples.requests.all.success);
    expect(orders[0]).toEqual({ ...order, ipAddresses: [{ ...read, autoExtend: false }] });
    const ids = ["11111", "22222", "33333", "66666", "44444", "55555"];
    expect(orders.map(({ orderId }) => orderId)).toEqual(ids);
  });

  it("joins the records of an order, wherever they stand", () => {
    const answer = [
      { ...record, orderId: "1" },
      { ...record, orderId: "2" },
      { ...record, ipAddressId: "9", orderId: "1" },
    ];
    const { orders } = readIpAddressList(answer);
    expect(
      orders.map(({ orderId, ipAddresses }) => [orderId, ipAddresses.map((each) => each.ipAddressId)]),
    ).toEqual([
      ["1", [record.ipAddressId, "9"]],
      ["2", [record.ipAddressId]],
    ]);
  });

  it("returns null for fields that it cannot read, and no credentials", () => {
    const { orders } = readIpAddressList([
      {
        ipAddressId: "9",
        orderId: "1",
        dateEnd: "soon",
        country: 7,
        authInfo: record.authInfo,
        extendInfo: { autoExtend: "maybe", extendDays: -1 },
      },
    ]);
    expect(orders).toEqual([
      {
        orderId: "1",
        proxyType: null,
        ipAddresses: [
          {
            ipAddressId: "9",
            ip: null,
            country: null,
            startsAt: null,
            endsAt: null,
            autoExtend: null,
            rentPeriodDays: null,
          },
        ],
      },
    ]);
  });

  it.each([
    [1, true],
    ["1", true],
    ["true", true],
    [true, true],
    [0, false],
    ["0", false],
    ["false", false],
    [false, false],
    [2, null],
    ["on", null],
    ["", null],
    [null, null],
  ])("reads an auto-extend of %j as %j", (autoExtend, expected) => {
    const { orders } = readIpAddressList([{ ...record, orderId: "1", extendInfo: { autoExtend } }]);
    expect(orders[0]?.ipAddresses[0]?.autoExtend).toBe(expected);
  });

  it.each([
    [30, 30],
    ["30", 30],
    [" 30 ", 30],
    [1, 1],
    [0, null],
    ["", null],
    [" ", null],
    [1.5, null],
    ["1e400", null],
    [true, null],
  ])("reads a rental period of %j as %j", (extendDays, expected) => {
    const { orders } = readIpAddressList([{ ...record, orderId: "1", extendInfo: { extendDays } }]);
    expect(orders[0]?.ipAddresses[0]?.rentPeriodDays).toBe(expected);
  });

  it.each([
    ["", null],
    ["DE", "DE"],
    [7, null],
  ])("reads a country of %j as %j", (country, expected) => {
    const { orders } = readIpAddressList([{ ...record, orderId: "1", country, ipAddressIp: country }]);
    expect(orders[0]?.ipAddresses[0]).toMatchObject({ country: expected, ip: expected });
  });

  it("takes the order ID around a record whose own is empty or not exact", () => {
    const records = [
      { ...record, orderId: "" },
      { ...record, orderId: 1.5 },
      { ...record, orderId: null },
    ];
    expect(readIpAddressList({ orderId: "around", records }).orders).toMatchObject([
      { orderId: "around", ipAddresses: [{}, {}, {}] },
    ]);
    expect(readIpAddressList({ records: [{ ...record, orderId: "" }] }).issues).toEqual([
      { path: "records[0]", message: "is a record without an orderId" },
    ]);
    expect(readIpAddressList([{ ...record, ipAddressId: "", orderId: "1" }]).issues).toMatchObject([
      { path: "[0].ipAddressId" },
    ]);
  });

  it("finds records down to a depth of twelve", () => {
    const nested = (levels: number) => {
      let value: unknown = { ...record, orderId: "1" };
      for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { value };
      return value;
    };
    expect(readIpAddressList(nested(12)).orders).toHaveLength(1);
    expect(readIpAddressList(nested(13)).orders).toEqual([]);
  });

  it("takes the proxy type of the record, then of the objects around it, then of the field's name", () => {
    const typed = (own: string | undefined, around: string | undefined) =>
      readIpAddressList({
        isp: [{ orderId: "1", proxyType: around, list: [{ ...record, proxyType: own }] }],
      }).orders[0]?.proxyType;
    expect(typed("mobile", "IPv6")).toBe("MOBILE");
    expect(typed("unheard", "IPv6")).toBe("IPv6");
    expect(typed(undefined, undefined)).toBe("ISP");
  });

  it("reports records that belong nowhere, and IDs that JSON has rounded", () => {
    const { orders, issues } = readIpAddressList({
      list: [record, { ...record, orderId: "1", ipAddressId: 1.1e18 }],
    });
    expect(orders).toEqual([]);
    expect(issues.map(({ path }) => path)).toEqual(["list[0]", "list[1].ipAddressId"]);
  });

  it.each([
    ["whose record is of another kind", [{ address: "192.0.2.9" }]],
    ["with null for its records", null],
    ["without records", []],
    ["whose only record is null", [null]],
  ])("does not call a list complete with an order %s", (_, ips) => {
    const answer = {
      success: true,
      IPv4: [
        { orderId: "11111", ips: [record] },
        { orderId: "77777", ips },
      ],
    };
    expect(readIpAddressList(answer)).toMatchObject({
      orders: [order],
      isComplete: false,
      issues: [{ path: "IPv4[1]", message: "has no readable IP address" }],
    });
  });

  it.each([{ ipAddressIp: "192.0.2.9" }, { extendInfo: {} }])(
    "does not overlook a record without an ID: %j",
    (other) => {
      expect(
        readIpAddressList([
          { ...record, orderId: "1" },
          { ...other, orderId: "2" },
        ]),
      ).toMatchObject({
        isComplete: false,
        issues: [{ path: "[1].ipAddressId", message: "is not a readable ID" }],
      });
    },
  );

  it("never throws, whatever the answer is", () => {
    fc.assert(fc.property(fc.jsonValue(), (answer) => void readIpAddressList(answer)));
    let deep: unknown = record;
    for (let level = 0; level < 100_000; level++) deep = { deep };
    expect(readIpAddressList(deep)).toMatchObject({ orders: [], issues: [] });
  });
});

describe("a list that is only a part", () => {
  const page = (...ids: string[]) => ids.map((ipAddressId) => ({ ...record, ipAddressId, orderId: "1" }));
  const announcedOf = (answer: object) => readIpAddressList(answer).announced.map(({ path }) => path);

  it.each([
    ["a total above the records", { data: page("1"), total: 250 }, "total"],
    ["a total as text", { data: page("1"), total: "250" }, "total"],
    ["a total with an empty page", { data: [], totalCount: 3 }, "totalCount"],
    ["several pages", { data: page("1"), page: 1, pages: 3 }, "pages"],
    [
      "a last page beyond the first",
      { data: page("1"), meta: { current_page: 1, last_page: 2 } },
      "meta.last_page",
    ],
    ["the URL of the next page", { data: page("1"), links: { next: "/ipAddress?page=2" } }, "links.next"],
    ["a cursor", { list: page("1"), nextCursor: "abc" }, "nextCursor"],
    ["a cursor without a direction", { list: page("1"), cursor: "abc" }, "cursor"],
    ["what remains", { list: page("1"), meta: { remaining: 3 } }, "meta.remaining"],
    ["a flag", { list: page("1"), hasMore: true }, "hasMore"],
    [
      "as many pages as records and orders",
      { data: [...page("1"), { ...record, orderId: "2" }], pages: 2 },
      "pages",
    ],
    [
      "a group with a total, beside another that holds the rest",
      { IPv4: { total: 5, list: page("1") }, IPv6: { list: page("2", "3", "4", "5") } },
      "IPv4.total",
    ],
    [
      "a later group with a total that counts its own records",
      {
        IPv4: { list: ["a", "b", "c"].map((orderId) => ({ ...record, orderId })) },
        IPv6: { total: 4, list: page("1") },
      },
      "IPv6.total",
    ],
    ["the key to continue after", { list: page("1"), LastEvaluatedKey: { id: "1" } }, "LastEvaluatedKey"],
    ["a list that is scrolled through", { list: page("1"), scroll_id: "abc" }, "scroll_id"],
    ["a page of several", { list: page("1"), page: "1/3" }, "page"],
    ["a page of several in words", { list: page("1"), pageNumber: "1 of 3" }, "pageNumber"],
    ["a total with separators", { list: page("1"), total: "1,234" }, "total"],
    ["a next offset", { list: page("1"), next_offset: "100" }, "next_offset"],
    ["a token", { list: page("1"), nextPageToken: "abc" }, "nextPageToken"],
    ["the ID to continue after", { list: page("1"), after: "1" }, "after"],
    ["a bookmark", { list: page("1"), bookmark: "abc" }, "bookmark"],
    ["a total in an object", { list: page("1"), total: { value: 2, relation: "eq" } }, "total"],
    ["a page that is not the last", { list: page("1"), last: false }, "last"],
    ["a link to the next page", { list: page("1"), links: [{ rel: "next" }] }, "links[0]"],
    ["a quantity above the records", { list: page("1"), quantity: 5 }, "quantity"],
    ["a mark that it is truncated", { list: page("1"), isTruncated: true }, "isTruncated"],
    ["a mark of partial results", { list: page("1"), partial_results: true }, "partial_results"],
    ["a mark that it is not complete", { list: page("1"), complete: false }, "complete"],
    [
      "an order with more pages",
      { orders: [{ orderId: "1", next: "/2", list: page("1") }] },
      "orders[0].next",
    ],
    [
      "an order with a link to more",
      { orders: [{ orderId: "1", links: [{ rel: "next", href: "/2" }], list: page("1") }] },
      "orders[0].links[0]",
    ],
    [
      "an order that counts more IP addresses than it lists",
      { orders: [{ orderId: "1", ipCount: 3, list: page("1") }] },
      "orders[0].ipCount",
    ],
    [
      "an order whose quantity is above its records",
      {
        orders: [
          { orderId: "1", quantity: 3, list: page("1") },
          { orderId: "2", quantity: 1, list: page("2") },
        ],
      },
      "orders[0].quantity",
    ],
    ["a total when a record came twice", { list: page("1", "1"), total: 2 }, "total"],
    ["a number of pages as text", { list: page("1"), numPages: "2" }, "numPages"],
    ["a number of records", { list: page("1"), num_results: 2 }, "num_results"],
    ["a number of records in full words", { list: page("1"), numberOfItems: 2 }, "numberOfItems"],
    ["a mark that it is not done", { list: page("1"), done: false }, "done"],
    ["a mark that it is not finished", { list: page("1"), isFinished: false }, "isFinished"],
    ["a link of OData", { list: page("1"), "@odata.nextLink": "/2" }, "@odata.nextLink"],
    ["a link of Hydra", { list: page("1"), "hydra:view": { "hydra:next": "/2" } }, "hydra:view.hydra:next"],
    ["a total of Hydra", { list: page("1"), "hydra:totalItems": 2 }, "hydra:totalItems"],
    ["a link in an object", { list: page("1"), _links: { next: { href: "/2" } } }, "_links.next"],
    [
      "page info",
      { list: page("1"), pageInfo: { hasNextPage: true, endCursor: "a" } },
      "pageInfo.hasNextPage",
    ],
    ["a token to continue with", { list: page("1"), continuationToken: "abc" }, "continuationToken"],
    ["a marker", { list: page("1"), NextMarker: "abc" }, "NextMarker"],
    ["a flag that more is there", { list: page("1"), more_available: 1 }, "more_available"],
    ["a number of pages in short", { list: page("1"), nbPages: 2 }, "nbPages"],
    ["a number of hits in short", { list: page("1"), nbHits: 2 }, "nbHits"],
    ["a count of rows", { list: page("1"), total_rows: 2 }, "total_rows"],
    ["a size in total", { list: page("1"), totalSize: 2 }, "totalSize"],
    ["a count of proxies", { list: page("1"), proxiesTotal: 2 }, "proxiesTotal"],
    [
      "an order that counts more proxies",
      { list: [{ orderId: "1", proxyCount: 2, ips: page("1") }] },
      "list[0].proxyCount",
    ],
    ["pages that remain", { list: page("1"), remainingPages: 2 }, "remainingPages"],
    ["a mark that it is not final", { list: page("1"), isFinal: "false" }, "isFinal"],
    ["null for a group", { IPv4: page("1"), IPv6: null }, "IPv6"],
    ["a text for a group", { IPv4: page("1"), IPv6: "unavailable" }, "IPv6"],
    [
      "null for the orders of a group",
      { groups: [{ proxyType: "IPv6", orders: null }, ...page("1")] },
      "groups[0].orders",
    ],
    ["an error for a group", { IPv4: page("1"), IPv6: { error: { code: 35 } } }, "IPv6.error"],
    ["a failure for a group", { IPv4: page("1"), IPv6: { success: false } }, "IPv6.success"],
    ["errors beside the list", { list: page("1"), errors: [{ code: 35 }] }, "errors"],
    ["an error beside the list", { list: page("1"), error: { code: 35 } }, "error"],
    ["errors and nothing else", { list: [], errors: ["IPv4 failed"] }, "errors"],
    ["an error in place of a group", { IPv4: { error: "down" }, IPv6: page("1") }, "IPv4.error"],
    ["a total for each type", { list: page("1"), total: { ipv4: 5, ipv6: 0 } }, "total"],
    ["a total for each type in a meta", { list: page("1"), meta: { totals: { IPv4: 5 } } }, "meta.totals"],
    [
      "an end cursor, and more after it",
      { list: page("1"), pageInfo: { endCursor: "abc", hasNextPage: true } },
      "pageInfo.hasNextPage",
    ],
    ["a mark that not all was loaded", { list: page("1"), allLoaded: false }, "allLoaded"],
    ["a status of its own", { list: page("1"), status: "failed" }, "status"],
    ["null among its records", { list: [...page("1"), null] }, "list[1]"],
    ["a text among its records", { list: ["failed", ...page("1")] }, "list[0]"],
    ["as many records as one page has", { list: page("1", "2"), limit: 2 }, "limit"],
    ["as many orders as one page has", { list: page("1", "2"), limit: "1" }, "limit"],
    ["a page that is full", { list: page("1", "2"), meta: { page: 1, pageSize: 2 } }, "meta.pageSize"],
    ["a page that is full, in other words", { list: page("1", "2"), per_page: 2, last: "/9" }, "per_page"],
    ["the most results of a page", { list: page("1", "2"), maxResults: 2 }, "maxResults"],
    [
      "a page that is full beside a limit of something else",
      { list: page("1", "2"), pagination: { limit: 2 }, rate_limit: { limit: 2, remaining: 0 } },
      "pagination.limit",
    ],
  ])("is recognized by %s", (_, answer, path) => {
    const list = readIpAddressList(answer);
    expect(list.isComplete).toBe(false);
    expect(announcedOf(answer)).toEqual([path]);
    expect(findingsOf(listIpAddresses, {}, { success: true, ...answer })).toMatchObject([
      { path, level: "lawful", statement: "listIpAddresses/whole-list" },
    ]);
  });

  it.each([
    ["a total of its records", { data: page("1", "2"), total: 2 }],
    ["a total of its orders", { data: page("1", "2"), total: 1 }],
    ["the only page", { data: page("1"), page: "1/1", pageNumber: "1 of 1" }],
    ["fields that are no texts", { data: page("1"), page: { toString: 1 }, total: { toString: 1 } }],
    ["one page", { data: page("1"), page: 1, pages: 1, next: null, hasMore: false }],
    ["an empty list", { data: [], total: 0, pages: 0 }],
    ["a total of the records that came twice", { data: page("1", "2", "2"), total: 2 }],
    ["a total of its records in an object", { data: page("1", "2"), total: { value: 2 } }],
    ["the last page", { data: page("1"), last: true, next_page_url: null, nextPageToken: "" }],
    ["a link without a target", { data: page("1"), links: [{ rel: "next", href: null }, { rel: "prev" }] }],
    ["an end that is written in other ways", { data: page("1"), next: "", more: false, nextOffset: 0 }],
    ["a total in a meta beside the list", { meta: { total: 2 }, data: page("1", "2") }],
    [
      "a total as text that is no number",
      { data: page("1"), total: "x250", count: "250x", totalItems: "2.5e2" },
    ],
    [
      "the number of this page",
      { data: page("1"), page: 5, currentPage: 5, page_number: 5, number: 5, num: 5 },
    ],
    ["a total that is no count", { data: page("1"), total: -1, count: 1.5, totalPages: "many" }],
    [
      "a name that only resembles one",
      { data: page("1"), totally: 9, subtotal: 9, nexttime: 9, pageSize: 9 },
    ],
    ["an order that counts its own records", { orders: [{ orderId: "1", quantity: 1, list: page("1") }] }],
    ["a mark that it is complete", { list: page("1"), complete: true, truncated: false, after: null }],
    ["an end that is written as text", { list: page("1"), hasNext: "false", more: "0", nextPage: "null" }],
    ["links without a target", { list: page("1"), next: [], links: { next: { href: null } }, nextLink: {} }],
    [
      "empty groups and no errors",
      { IPv4: page("1"), IPv6: [], ISP: {}, errors: [], error: null, tags: ["a"] },
    ],
    ["a total for each type that is right", { list: page("1"), total: { ipv4: 1, ipv6: 0 } }],
    ["an end cursor of the last page", { list: page("1"), pageInfo: { endCursor: "a", hasNextPage: false } }],
    ["a mark that all was loaded", { list: page("1"), allLoaded: true }],
    [
      "the status of an order",
      { orders: [{ orderId: "1", status: "pending", skipped: 1, list: page("1") }] },
    ],
    ["a group without records", { IPv4: page("1"), IPv6: { total: 0, list: [] }, ISP: { next: null } }],
    ["counts of other groups", { list: page("1"), sold: { IPv4: 5, IPv6: null } }],
    ["a balance in total", { list: page("1"), balance: { total: 250 } }],
    [
      "an end that is written as blanks, or inside an object",
      { list: page("1"), next: " ", after: { id: "" } },
    ],
    ["successes of groups", { list: page("1"), IPv4: { success: true }, ignoreErrors: true }],
    ["an end of its cursors", { list: page("1"), cursor: null, remaining: 0 }],
    [
      "what remains of an allowance",
      { list: page("1"), rateLimit: { remaining: 59 }, quota: { remaining: 5 } },
    ],
    ["fewer records than one page has", { list: page("1", "2"), limit: 100, pageSize: 3 }],
    ["a full page without a next one", { list: page("1", "2"), limit: 2, next: null }],
    ["a full page that is the last", { list: page("1", "2"), limit: 2, last: true }],
    ["a full page that is the last, as text", { list: page("1", "2"), limit: 2, complete: "true" }],
    ["a full page with nothing left", { list: page("1", "2"), limit: 2, remaining: 0 }],
    ["a full page that is the only one", { list: page("1", "2"), limit: 2, pages: 1 }],
    ["a full page with all records", { list: page("1", "2"), limit: 2, total: 2 }],
    ["limits of other things", { list: page("1", "2"), limits: { max: 2 }, quota: { limit: 2 } }],
    ["a limit of an order", { orders: [{ orderId: "1", limit: 2, list: page("1", "2") }] }],
    ["the days that remain of an order", { orders: [{ orderId: "1", remaining: 12, list: page("1") }] }],
    ["the total price of an order", { orders: [{ orderId: "1", total: 99, list: page("1") }] }],
    [
      "groups with totals of their own",
      { a: { total: 1, list: page("1") }, b: { total: 1, list: page("2") } },
    ],
  ])("is not seen in %s", (_, answer) => {
    expect(readIpAddressList(answer)).toMatchObject({ isComplete: true, announced: [] });
  });

  it("is recognized by records of another type than the requested one", () => {
    const answer = { success: true, IPv4: page("1"), IPv6: [{ ...record, orderId: "2" }] };
    expect(readIpAddressList(answer, {}, "IPv4")).toMatchObject({
      isComplete: false,
      announced: [{ path: "IPv6[0]", message: "is about IPv6, but IPv4 was requested" }],
      orders: [{ orderId: "1" }, { orderId: "2" }],
    });
    expect(findingsOf(listIpAddresses, { proxyType: "IPv4" }, answer)).toMatchObject([
      { path: "IPv6[0]", level: "lawful" },
    ]);
  });

  it("says how many IP addresses were found", () => {
    expect(readIpAddressList({ data: page("1"), total: 250 }).announced).toEqual([
      { part: "body", path: "total", message: "announces 250, and 1 IP address was found" },
    ]);
    expect(readIpAddressList({ data: page("1"), next: "/2" }).announced).toEqual([
      { part: "body", path: "next", message: "announces more, and 1 IP address was found" },
    ]);
    expect(readIpAddressList({ data: page("1"), remaining: 3 }).announced).toEqual([
      { part: "body", path: "remaining", message: "announces 3 more, and 1 IP address was found" },
    ]);
    expect(readIpAddressList({ data: page("1", "2"), pages: 3 }).announced).toEqual([
      { part: "body", path: "pages", message: "announces 3 pages, and 2 IP addresses were found" },
    ]);
    expect(readIpAddressList({ data: page("1", "2"), limit: 2 }).announced).toEqual([
      { part: "body", path: "limit", message: "announces pages of 2, and 2 IP addresses were found" },
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ["a link to the next page", { link: '<https://provider.test/?page=2>; rel="next"' }],
    [
      "several links",
      { link: '<https://a.test/1>; rel=first, <https://a.test/3>; title="x"; rel="next last"' },
    ],
    ["an unquoted relation", { link: "</2>;rel=next" }],
    ["a total", { "x-total-count": "250" }],
    ["a total under a shorter name", { total: "250" }],
    ["a total of WordPress", { "x-wp-total": "250" }],
    ["the range of a part", { "content-range": "items 0-1/250" }],
    ["a number of pages", { "x-total-pages": "3" }],
    ["a number of pages in a group of headers", { "x-pagination-page-count": "3" }],
    ["a next page", { "x-next-page": "2" }],
    ["a total in JSON", { "x-pagination": '{"TotalCount":250,"CurrentPage":1}' }],
    ["a link in single quotes", { link: "</2>; rel='next'" }],
    ["a total in another group of headers", { "x-paging-total": "250" }],
    ["a token to continue with", { "x-continuation-token": "abc" }],
    ["more, by a flag in JSON", { pagination: '{"hasNext":true}' }],
    ["more, by a flag", { "x-has-more": "true" }],
    ["a page that is full", { "x-per-page": "2" }],
  ])("is also one whose headers announce %s", (_, headers) => {
    const [name] = Object.keys(headers);
    const answer = { success: true, data: page("1", "2") };
    expect(readIpAddressList(answer, headers)).toMatchObject({
      isComplete: false,
      announced: [{ part: "headers", path: name, message: expect.stringMatching(/^announces /) }],
    });
    expect(findingsOf(listIpAddresses, {}, answer, "lawful", headers)).toMatchObject([
      { part: "headers", path: name, level: "lawful", statement: "listIpAddresses/whole-list" },
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ["a link to the page before", { link: '<https://a.test/?rel=next>; rel="prev"' }],
    ["a link whose URL has the words", { link: '</1;rel=next>; rel="prev"' }],
    ["a link whose relation only begins like next", { link: '</2>; rel="next-archive"' }],
    ["a link whose title has the word", { link: '</2>; rel="self"; title="rel=last next"' }],
    ["the total that is there", { "x-total-count": "2" }],
    ["the range of all that there is", { "content-range": "items 0-1/2" }],
    ["a range of unknown length", { "content-range": "items 0-1/*" }],
    ["one page", { "x-total-pages": "1", "x-page": "1" }],
    ["no next page", { "x-next-page": "", "x-has-more": "false" }],
    ["the whole list in JSON", { "x-pagination": '{"TotalCount":2,"TotalPages":1,"HasNext":false}' }],
    ["paging that is not JSON", { "x-pagination": "total=250" }],
    ["a full page without a next one", { "x-per-page": "2", "x-next-page": "" }],
    ["a remaining allowance", { "x-ratelimit-remaining": "59" }],
    ["something else", { "x-ratelimit-limit": "2", "content-length": "9999", "x-request-count": "12345" }],
  ])("is not one whose headers have %s", (_, headers) => {
    expect(readIpAddressList({ data: page("1", "2") }, headers)).toMatchObject({
      isComplete: true,
      announced: [],
    });
  });

  it("is also one with places that are too deep to be searched", () => {
    const nested = (levels: number, inner: unknown) => {
      let value = inner;
      for (let level = 0; level < levels; level++) value = [value];
      return value;
    };
    expect(readIpAddressList(nested(12, page("1")[0]))).toMatchObject({ isComplete: true });
    expect(readIpAddressList([...page("1"), nested(12, {})])).toMatchObject({ isComplete: true });
    expect(readIpAddressList([...page("1"), nested(12, page("2")[0])])).toMatchObject({
      orders: [{ ipAddresses: [{ ipAddressId: "1" }] }],
      isComplete: false,
      announced: [{ path: `[1]${"[0]".repeat(12)}`, message: expect.stringContaining("12 levels deep") }],
    });
  });

  it("is also one without any list, but with a total", () => {
    expect(readIpAddressList({ total: 5 })).toMatchObject({
      isComplete: false,
      announced: [{ path: "total" }],
    });
  });

  it("is also one whose records cannot all be read", () => {
    expect(readIpAddressList({ data: [...page("1"), record] })).toMatchObject({ isComplete: false });
  });
});

describe("the check of listIpAddresses", () => {
  const check = (request: object, answer: object) => findingsOf(listIpAddresses, request, answer);

  it("lets a list pass, an empty one as well, and a failure", () => {
    expect(check({}, { success: true, ipAddresses: [] })).toEqual([]);
    expect(check({}, { success: true, list: [{ ...record, orderId: "1" }] })).toEqual([]);
    expect(check({}, specOf(listIpAddresses).examples.failure)).toEqual([]);
  });

  it("finds fault with records in a failure, which a caller can use all the same", () => {
    const failure = { ...specOf(listIpAddresses).examples.failure, list: [{ ...record, orderId: "1" }] };
    expect(check({}, failure)).toMatchObject([{ level: "lawful", path: "" }]);
  });

  it("finds fault with unreadable records in a failure as well", () => {
    const { failure } = specOf(listIpAddresses).examples;
    const list = [{ ...record, orderId: "1" }, record];
    expect(check({}, { ...failure, list })).toMatchObject([{ level: "lawful", path: "" }]);
    expect(check({}, { ...failure, list: [record] })).toMatchObject([{ level: "lawful", path: "" }]);
  });

  it("lets a list pass of which a part can be read: what is left of it is of use", () => {
    expect(check({}, { success: true, list: [{ ...record, orderId: "1" }, record] })).toEqual([]);
  });

  it("finds fault with an answer without any list, or with records that can't be read", () => {
    expect(check({}, { success: true })).toMatchObject([{ path: "" }]);
    expect(check({}, { success: true, list: null, count: 0 })).toMatchObject([{ path: "" }]);
    expect(check({}, { success: true, list: [record] })).toMatchObject([{ path: "list[0]" }]);
  });
});

import { reservedProxyType, setAutoExtend, setAutoExtendByIpAddress, specOf } from "@auto-extend/core";
import type { Mutation, PassingRequest } from "./mutating-proxy.js";
import {
  type BrokenServer,
  broken,
  deciding,
  inEach,
  type Json,
  jsonAnswer,
  jsonOf,
  namesOrders,
  onlyFor,
  operationOf,
  switches,
  withBody,
} from "./mutations.js";
import { orderIdOf, orderOf } from "./world.js";

// These servers answer as the correct one does, and do something else. Only their list of IP addresses shows it.

const types = ["IPv4", "IPv6", "MOBILE", "ISP"] as const;
const ofType = (operation: string, ...chosen: readonly string[]) =>
  chosen.map((type) => `${operation}/success/${type}`) as [string, ...string[]];

const partOfOrder = "setAutoExtendByIpAddress/rule/whole-orders/part-of-order";
const part = "6666666666666666661";

export const brokenState: readonly BrokenServer[] = [
  broken(
    "switches the first IP address of an order only, and reports all",
    "setAutoExtend/several-addresses",
    byOrder((body) => {
      const ids = addressesOf(body);
      return ids.length > 1 ? { ...body, orderIds: undefined, ipAddressIds: ids.slice(0, 1) } : body;
    }),
  ),
  broken(
    "switches nothing but IPv4, and reports success",
    [...ofType("setAutoExtend", "IPv6", "MOBILE", "ISP"), ...ofType("setAutoExtendByIpAddress", "IPv6")],
    pretending(({ proxyType }) => proxyType !== "IPv4"),
  ),
  broken(
    "switches no IPv4, and reports success",
    inEach(switches, "success/IPv4"),
    pretending(({ proxyType }) => proxyType === "IPv4"),
  ),
  broken(
    "switches nothing by IP address, and reports success",
    ofType("setAutoExtendByIpAddress", ...types),
    onlyFor(
      ["setAutoExtendByIpAddress"],
      pretending(() => true),
    ),
  ),
  broken(
    "switches on and not off, and reports success",
    inEach(switches, "success/IPv4"),
    pretending(({ autoExtend }) => autoExtend === false),
  ),
  broken(
    "switches off and not on, and reports success",
    [...inEach(switches, "success/IPv4"), "setAutoExtend/repeat"],
    pretending(({ autoExtend }) => autoExtend === true),
  ),
  broken(
    "ignores a request with fields that it does not know, and reports success",
    "setAutoExtend/unknown-fields",
    pretending((body) => "note" in body),
  ),
  broken(
    "ignores an order that is listed twice, and reports success",
    inEach(switches, "duplicates"),
    pretending(({ orderIds, ipAddressIds }) => {
      const ids = (orderIds ?? ipAddressIds) as string[];
      return new Set(ids).size < ids.length;
    }),
  ),
  broken(
    "switches the first of several orders only, and reports all",
    "setAutoExtend/several-orders",
    byOrder((body) => ({ ...body, orderIds: (body.orderIds as string[]).slice(0, 1) })),
  ),
  broken(
    "switches the first of several IP addresses only, and reports all",
    ["setAutoExtendByIpAddress/quantity", "setAutoExtendByIpAddress/several-addresses"],
    byAddress((body) =>
      // Those of an IPv6 order go together.
      orderOf(orderIdOf((body.ipAddressIds as string[])[0]))?.proxyType === "IPv6"
        ? { ...body, ipAddressIds: ["22222222222222222"] }
        : { ...body, ipAddressIds: (body.ipAddressIds as string[]).slice(0, 1) },
    ),
  ),
  broken(
    "switches the other order of the type in place of the one that is named",
    ["setAutoExtend/success/IPv4", "setAutoExtend/success/IPv6"],
    byOrder((body) => ({ ...body, orderIds: (body.orderIds as string[]).map(neighbourOf) })),
  ),
  broken(
    "switches the other order of the type as well",
    ["setAutoExtend/success/IPv4", "setAutoExtend/success/IPv6"],
    byOrder((body) => {
      const ids = body.orderIds as string[];
      return { ...body, orderIds: [...new Set([...ids, ...ids.map(neighbourOf)])] };
    }),
  ),
  broken(
    "switches all orders off when it switches one off",
    "setAutoExtend/several-orders",
    byOrder((body) => {
      const ids = body.orderIds as string[];
      return body.autoExtend === false
        ? { ...body, orderIds: [...new Set([...ids, ...ids.map(neighbourOf)])] }
        : body;
    }),
  ),
  broken(
    "switches the whole order of an IP address",
    "setAutoExtendByIpAddress/part-of-order",
    byAddress((body) => ({ ...body, ipAddressIds: wholeOrders(body.ipAddressIds as string[]) })),
  ),
  broken(
    "switches the whole order of an IP address off, and only the IP address on",
    "setAutoExtendByIpAddress/part-of-order",
    byAddress((body) =>
      body.autoExtend === false
        ? { ...body, ipAddressIds: wholeOrders(body.ipAddressIds as string[]) }
        : body,
    ),
  ),
  broken(
    "switches the neighbour of an IP address in place of it",
    "setAutoExtendByIpAddress/part-of-order",
    byAddress((body) => {
      const ids = body.ipAddressIds as string[];
      const others = wholeOrders(ids).filter((id) => !ids.includes(id));
      return orderOf(orderIdOf(ids[0]))?.proxyType === "IPv4" && others.length > 0
        ? { ...body, ipAddressIds: others }
        : body;
    }),
  ),
  broken(
    "sets a rental period of its own, and reports the one of the request",
    [...inEach(switches, "success/IPv4"), "setAutoExtend/period"],
    switching((body) => ({ ...body, rentPeriodDays: body.rentPeriodDays === 30 ? 60 : 30 })),
  ),
  broken(
    "always sets 30 days, and reports the rental period of the request",
    "setAutoExtend/period",
    switching((body) => ({ ...body, rentPeriodDays: 30 })),
  ),
  {
    does: "changes to the other state whatever is asked for",
    caughtBy: ["setAutoExtend/repeat"],
    mutation: () => toggling(),
  },
  broken(
    "refuses one bad order ID, and switches the others",
    "setAutoExtend/rule/order-ids/one-bad",
    carryingOut(
      "setAutoExtend",
      ({ orderIds }) => Array.isArray(orderIds) && orderIds.length > 1,
      (body) => ({
        ...body,
        orderIds: (body.orderIds as string[]).filter((id) => orderOf(id)),
      }),
    ),
  ),
  broken(
    "refuses one bad IP address, and switches the others",
    "setAutoExtendByIpAddress/rule/ip-addresses/one-bad",
    carryingOut(
      "setAutoExtendByIpAddress",
      ({ ipAddressIds }) => Array.isArray(ipAddressIds) && ipAddressIds.length > 1,
      (body) => ({ ...body, ipAddressIds: (body.ipAddressIds as string[]).filter((id) => orderIdOf(id)) }),
    ),
  ),
  broken(
    "refuses an order of another type, and switches it",
    "setAutoExtend/rule/order-ids/other-type",
    carryingOut(
      "setAutoExtend",
      ({ orderIds }) => Array.isArray(orderIds) && orderOf(orderIds[0]) !== undefined,
      (body) => ({ ...body, proxyType: orderOf((body.orderIds as string[])[0])?.proxyType }),
    ),
  ),
  broken(
    "refuses an IP address of another type, and switches it",
    "setAutoExtendByIpAddress/rule/ip-addresses/other-type",
    carryingOut(
      "setAutoExtendByIpAddress",
      ({ ipAddressIds }) => Array.isArray(ipAddressIds) && orderIdOf(ipAddressIds[0]) !== undefined,
      (body) => ({ ...body, proxyType: orderOf(orderIdOf((body.ipAddressIds as string[])[0]))?.proxyType }),
    ),
  ),
  broken("refuses a part of an IPv6 order, and switches it", partOfOrder, {
    also: (request) => {
      const body = jsonOf(request.body);
      const isPart = operationOf(request) === setAutoExtendByIpAddress && String(body?.ipAddressIds) === part;
      // The correct server switches such an order as a whole only.
      return body && isPart
        ? { ...withBody(request, { ...body, orderIds: ["66666"] }), path: orderPathOf(request) }
        : undefined;
    },
  }),
  ...(["not-sold", "zero", "negative", "fraction", "missing", "string"] as const).map((probe) =>
    broken(
      `refuses a rental period (${probe}), and switches for 30 days`,
      inEach(switches, `rule/rental-period/${probe}`),
      carryingOut(
        null,
        ({ rentPeriodDays }) => rentPeriodDays !== 30,
        (body) => ({
          ...body,
          rentPeriodDays: 30,
        }),
      ),
    ),
  ),
  broken(
    "refuses a string for autoExtend, and takes it for true",
    inEach(switches, "rule/auto-extend/string"),
    carryingOut(
      null,
      ({ autoExtend }) => typeof autoExtend === "string",
      (body) => ({
        ...body,
        autoExtend: true,
      }),
    ),
  ),
  broken(
    "refuses an order ID outside a list, and switches it",
    "setAutoExtend/rule/order-ids/good-string",
    carryingOut(
      "setAutoExtend",
      ({ orderIds }) => typeof orderIds === "string",
      (body) => ({
        ...body,
        orderIds: [body.orderIds],
      }),
    ),
  ),
  broken(
    "refuses an order ID as a number, and switches it",
    "setAutoExtend/rule/order-ids/good-number",
    carryingOut(
      "setAutoExtend",
      ({ orderIds }) => typeof [orderIds].flat()[0] === "number",
      (body) => ({
        ...body,
        orderIds: (body.orderIds as number[]).map(String),
      }),
    ),
  ),
  broken(
    "refuses a missing list of orders, and switches all that it has",
    "setAutoExtend/rule/order-ids/missing",
    alsoSwitching((body) => namesNothing(body) && { orderIds: ["11111", "22222"], autoExtend: true }),
  ),
  broken(
    "refuses two broken rules, and switches the order all the same",
    "setAutoExtend/rule-order/rental-period",
    carryingOut(
      "setAutoExtend",
      ({ rentPeriodDays, autoExtend }) => rentPeriodDays === 0 && autoExtend === null,
      (body) => ({
        ...body,
        rentPeriodDays: 30,
        autoExtend: true,
      }),
    ),
  ),
  broken(
    "switches on what it prices",
    inEach(["priceExtension", "priceExtensionByIpAddress"], "spends-nothing"),
    {
      also: (request) => {
        const body = jsonOf(request.body);
        const id = operationOf(request)?.id ?? "";
        return body && id.startsWith("priceExtension") && body.promoCode === undefined
          ? { ...withBody(request, { ...body, autoExtend: true }), path: switchPathOf(request) }
          : undefined;
      },
    },
  ),
  broken("switches everything off when its list is read", inEach(switches, "success/IPv4"), {
    also: (request) =>
      operationOf(request)?.id === "listIpAddresses"
        ? switchOf(request, { orderIds: ["11111", "22222"], autoExtend: false })
        : undefined,
  }),
  broken(
    "refuses JSON as plain text, and switches an order on",
    "transport/unsupported-media-type/text-plain",
    {
      also: (request) =>
        request.headers["content-type"]?.startsWith("text/plain")
          ? switchOf(request, { orderIds: ["22222"], autoExtend: true })
          : undefined,
    },
  ),
  // The first such request is sent before any case.
  broken(
    "refuses a proxy type that does not exist, and switches an order on",
    ofType("setAutoExtend", "IPv6"),
    {
      also: (request) =>
        jsonOf(request.body)?.proxyType === reservedProxyType
          ? switchOf(request, { orderIds: ["22222"], autoExtend: true })
          : undefined,
    },
  ),
];

/** A request to switch orders of IPv4, with the API key of another request. */
export function switchOf(request: PassingRequest, named: Json): PassingRequest {
  return {
    method: "POST",
    path: orderPathOf(request),
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify({ proxyType: "IPv4", rentPeriodDays: 30, ...named })),
  };
}

/** Switches something else, by order IDs, and answers as if it was the request. */
function byOrder(change: (body: Json) => Json): Mutation {
  return onlyFor(["setAutoExtend"], switching(change));
}

/** The same by the IDs of IP addresses. */
function byAddress(change: (body: Json) => Json): Mutation {
  return onlyFor(["setAutoExtendByIpAddress"], switching(change));
}

/** Carries another request out in place of each valid one, and answers as if it was that one. */
export function switching(change: (body: Json) => Json): Mutation {
  return onlyFor(switches, {
    also(request) {
      const body = jsonOf(request.body);
      if (!body || !isValid(body)) return undefined;
      const other = change(body);
      const path = other.orderIds === undefined ? addressPathOf(request) : orderPathOf(request);
      return { ...withBody(request, other), path };
    },
    ...deciding((body) => (isValid(body) ? jsonAnswer(successFor(body)) : undefined)),
  });
}

/** Does nothing, and answers as if it had. */
function pretending(isIgnored: (body: Json) => boolean): Mutation {
  return onlyFor(
    switches,
    deciding((body) => (isValid(body) && isIgnored(body) ? jsonAnswer(successFor(body)) : undefined)),
  );
}

/** Carries out a corrected request, and refuses the one that came. */
export function carryingOut(
  operation: (typeof switches)[number] | null,
  isMeant: (body: Json) => boolean,
  correct: (body: Json) => Json,
): Mutation {
  return onlyFor(operation === null ? switches : [operation], {
    also(request) {
      const body = jsonOf(request.body);
      return body && isMeant(body) ? withBody(request, correct(body)) : undefined;
    },
  });
}

/** Switches something beside what a request asks for. */
function alsoSwitching(other: (body: Json) => object | false): Mutation {
  return onlyFor(["setAutoExtend"], {
    also(request) {
      const body = jsonOf(request.body);
      const more = body && other(body);
      return more ? withBody(request, { ...body, ...more }) : undefined;
    },
  });
}

/** Whatever the state that is asked for: each request changes it. */
export function toggling(isMeant: (body: Json) => boolean = () => true): Mutation {
  const states = new Map<string, boolean>();
  return switching((body) => {
    if (!isMeant(body)) return body;
    const key = String(body.orderIds ?? body.ipAddressIds);
    const autoExtend = !(states.get(key) ?? false);
    states.set(key, autoExtend);
    return { ...body, autoExtend };
  });
}

/** Whether a correct server would carry a request out. */
function isValid(body: Json): boolean {
  const { proxyType, ipAddressIds, rentPeriodDays, autoExtend } = body;
  const isComplete = [30, 60].includes(Number(rentPeriodDays)) && typeof autoExtend === "boolean";
  if (!isComplete || typeof rentPeriodDays !== "number") return false;
  if (namesOrders(body))
    return (body.orderIds as string[]).every((id) => orderOf(id)?.proxyType === proxyType);
  if (!Array.isArray(ipAddressIds) || ipAddressIds.length === 0 || String(ipAddressIds) === part)
    return false;
  return ipAddressIds.every((id) => orderOf(orderIdOf(id))?.proxyType === proxyType);
}

function namesNothing({ proxyType, orderIds }: Json): boolean {
  return proxyType === "IPv4" && orderIds === undefined;
}

function successFor(body: Json): object {
  const ipAddressIds = [...new Set(addressesOf(body))];
  return {
    ...specOf(setAutoExtend).examples.requests.IPv4.success,
    proxyType: body.proxyType,
    rentPeriodDays: body.rentPeriodDays,
    quantity: ipAddressIds.length,
    ipAddressIds,
  };
}

function addressesOf({ orderIds, ipAddressIds }: Json): string[] {
  if (Array.isArray(ipAddressIds)) return ipAddressIds;
  return (orderIds as string[]).flatMap((id) => orderOf(id)?.ipAddressIds ?? []);
}

/** All IP addresses of the orders of these. */
function wholeOrders(ids: readonly string[]): string[] {
  return [...new Set(ids.flatMap((id) => orderOf(orderIdOf(id))?.ipAddressIds ?? []))];
}

function neighbourOf(orderId: string): string {
  const pairs: Readonly<Record<string, string>> = {
    "11111": "22222",
    "22222": "11111",
    "33333": "66666",
    "66666": "33333",
  };
  return pairs[orderId] ?? orderId;
}

function orderPathOf({ path }: PassingRequest): string {
  return path.replace(/(\/client\/api\/v1\/[^/]+\/).*/, "$1extend/order/auto");
}

function addressPathOf({ path }: PassingRequest): string {
  return path.replace(/(\/client\/api\/v1\/[^/]+\/).*/, "$1extend/auto");
}

/** The path that switches what the path of a request prices. */
function switchPathOf(request: PassingRequest): string {
  return request.path.endsWith("/order") ? orderPathOf(request) : addressPathOf(request);
}

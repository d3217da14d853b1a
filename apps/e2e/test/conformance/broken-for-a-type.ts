import { proxyTypes, unknownApiKey } from "@auto-extend/core";
import { carryingOut, switching, switchOf, toggling } from "./broken-state.js";
import type { Mutation, PassingRequest } from "./mutating-proxy.js";
import {
  type BrokenServer,
  broken,
  inEach,
  type Json,
  jsonOf,
  onlyFor,
  reading,
  switches,
} from "./mutations.js";
import { orderIdOf, orderOf } from "./world.js";

// These servers are right about all proxy types but one: the cases must try each type that has orders.

export const brokenForAType: readonly BrokenServer[] = [
  ...proxyTypes.flatMap((type) =>
    serversOf(type).map((each) => ({ ...each, does: `${type}: ${each.does}` })),
  ),
  ...(["IPv4", "IPv6"] as const).flatMap((type) => [
    broken(
      `${type}: switches the first of several orders only, and reports all`,
      "setAutoExtend/several-orders",
      switching((body) =>
        body.proxyType === type && Array.isArray(body.orderIds)
          ? { ...body, orderIds: body.orderIds.slice(0, 1) }
          : body,
      ),
    ),
    broken(
      `${type}: prices the first of several orders only`,
      "priceExtension/several-orders",
      onlyFor(
        ["priceExtension"],
        reading((body) =>
          body.proxyType === type && Array.isArray(body.orderIds)
            ? { ...body, orderIds: body.orderIds.slice(0, 1) }
            : body,
        ),
      ),
    ),
  ]),
];

function serversOf(type: string): BrokenServer[] {
  const isOfType = (body: Json) => body.proxyType === type;
  return [
    broken(
      "refuses one bad order ID, and switches the others",
      "setAutoExtend/rule/order-ids/one-bad",
      carryingOut("setAutoExtend", (body) => isOfType(body) && hasBad(body), goodOnes),
    ),
    broken(
      "refuses one bad IP address, and switches the others",
      "setAutoExtendByIpAddress/rule/ip-addresses/one-bad",
      carryingOut("setAutoExtendByIpAddress", (body) => isOfType(body) && hasBad(body), goodOnes),
    ),
    broken(
      "refuses a rental period of 0 days, and switches for 30",
      inEach(switches, "rule/rental-period/zero"),
      carryingOut(
        null,
        (body) => isOfType(body) && body.rentPeriodDays === 0,
        (body) => ({ ...body, rentPeriodDays: 30 }),
      ),
    ),
    broken(
      "always sets 30 days, and reports the rental period of the request",
      "setAutoExtend/period",
      switching((body) => (isOfType(body) ? { ...body, rentPeriodDays: 30 } : body)),
    ),
    {
      does: "changes to the other state whatever is asked for",
      caughtBy: ["setAutoExtend/repeat"],
      mutation: () => toggling(isOfType),
    },
    {
      does: "refuses an unknown API key, and switches the orders of another account",
      caughtBy: inEach(switches, "rule/api-key/good-orders"),
      mutation: () => findingTheAccount(isOfType),
    },
    broken(
      "refuses the type in lower case, and switches",
      inEach(switches, "rule/proxy-type/good-orders-in-lower-case"),
      carryingOut(
        null,
        ({ proxyType }) => proxyType === type.toLowerCase(),
        (body) => ({ ...body, proxyType: type }),
      ),
    ),
    broken(
      "refuses a missing type, and switches the orders",
      inEach(switches, "rule/proxy-type/good-orders-without-type"),
      carryingOut(
        null,
        (body) => body.proxyType === undefined && typeOf(body) === type,
        (body) => ({ ...body, proxyType: type }),
      ),
    ),
    broken(
      "refuses a request about existing orders in broken JSON, but switches them",
      "transport/malformed-json/good-orders",
      sendingAgain(type, ({ body }) => body.toString().endsWith(",}")),
    ),
    broken(
      "refuses a request about existing orders as plain text, but switches them",
      "transport/unsupported-media-type/good-orders",
      sendingAgain(type, ({ headers }) => headers["content-type"] === "text/plain"),
    ),
    broken(
      "refuses a request about existing orders by PUT, but switches them",
      "transport/method-not-allowed/good-orders",
      sendingAgain(type, ({ method }) => method === "PUT"),
    ),
    broken(
      "refuses a request about existing orders in a body that is too large, but switches them",
      "transport/too-large/good-orders",
      sendingAgain(type, ({ body }) => body.length > 2_000_000),
    ),
  ];
}

/** Carries out a request with an unknown API key, with the key of the requests before. */
function findingTheAccount(isMeant: (body: Json) => boolean): Mutation {
  let known = "";
  return onlyFor(switches, {
    also(request) {
      const [, , , , apiKey = ""] = request.path.split("/");
      if (apiKey !== unknownApiKey) known = apiKey;
      const body = jsonOf(request.body);
      return apiKey === unknownApiKey && body && isMeant(body)
        ? { ...request, path: request.path.replace(apiKey, known) }
        : undefined;
    },
  });
}

/** Switches what a request names that is answered with a problem document. */
function sendingAgain(type: string, isMeant: (request: PassingRequest) => boolean): Mutation {
  return {
    also(request) {
      const body = jsonOf(Buffer.from(request.body.toString().trimEnd().replace(/,}$/, "}")));
      return body?.proxyType === type && isMeant(request) ? switchOf(request, body) : undefined;
    },
  };
}

function hasBad({ orderIds, ipAddressIds }: Json): boolean {
  const ids = orderIds ?? ipAddressIds;
  return Array.isArray(ids) && ids.length > 1 && ids.some((id) => !orderOf(id) && !orderIdOf(id));
}

function goodOnes(body: Json): Json {
  const good = (ids: unknown) =>
    Array.isArray(ids) ? ids.filter((id) => orderOf(id) ?? orderIdOf(id)) : undefined;
  return { ...body, orderIds: good(body.orderIds), ipAddressIds: good(body.ipAddressIds) };
}

function typeOf({ orderIds, ipAddressIds }: Json): string | undefined {
  const [id] = [orderIds ?? ipAddressIds].flat();
  return orderOf(orderOf(id) ? id : orderIdOf(id))?.proxyType;
}

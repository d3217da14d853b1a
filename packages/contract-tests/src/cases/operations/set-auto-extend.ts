import {
  type Issue,
  idKinds,
  proxyTypes,
  type RuleName,
  reservedOrderId,
  reservedProxyType,
  setAutoExtend,
  setAutoExtendByIpAddress,
  specOf,
} from "@auto-extend/core";
import type { KnownOrder, ServerCase, SwitchRequest } from "../case.js";
import { expectFailure, type JsonObject } from "../expectations.js";
import {
  byIpAddressIds,
  firstOfEachType,
  hasSeveralAddresses,
  inTurn,
  type NamedOrder,
  namedBy,
  type OrderCaseParts,
  type OrderSubject,
  orderCase,
  orderRuleCases,
  withEachType,
  withSeveral,
} from "../order-cases.js";
import { caseOf, leaving, requestOf, ruleOf, switchStep, typeStatementsOf } from "../steps.js";

// The operations that switch auto-extend, by order and by IP address.

/** A body that no server can act on: its proxy type and its order ID cannot exist. */
export const harmlessRequest: JsonObject = {
  ...specOf(setAutoExtend).examples.requests.IPv4.request,
  proxyType: reservedProxyType,
  orderIds: [reservedOrderId],
  autoExtend: false,
};

const subject: OrderSubject = { operation: setAutoExtend, ...idKinds.order };
const ofAddresses: OrderSubject = { operation: setAutoExtendByIpAddress, ...byIpAddressIds };

export const setAutoExtendCases: readonly ServerCase[] = [
  ...switchSuccessCases(subject),
  severalAddressesCase(subject),
  periodCase(),
  repeatCase(),
  duplicatesCase(subject),
  severalOrdersCase(subject, {
    name: "several-orders",
    title: "switches several orders in one call, and one of them without the others",
    about: ["several-orders", "quantity", "success", "status"],
  }),
  everyOrderCountsCase(),
  unknownFieldsCase(),
  charsetCase(),
  ...orderRuleCases(subject, flip, { autoExtend: false }),
  // The first two rules are proven to come first by their own probes, which break the later rules as well.
  ruleOrderCase("order-ids", { rentPeriodDays: 0, autoExtend: null, orderIds: [reservedOrderId] }),
  ruleOrderCase("rental-period", { rentPeriodDays: 0, autoExtend: null }),
];

export const setAutoExtendByIpAddressCases: readonly ServerCase[] = [
  ...switchSuccessCases(ofAddresses),
  severalAddressesCase(ofAddresses),
  partOfOrderCase(),
  severalOrdersCase(ofAddresses, {
    name: "quantity",
    title: "switches the IP addresses of several orders in one call, and those of one without the others",
  }),
  duplicatesCase(ofAddresses),
  ...orderRuleCases(ofAddresses, flip, { autoExtend: false }),
];

/** A request for an order of each proxy type, which would change its state. */
export function switchingRequests(orders: readonly KnownOrder[]): JsonObject[] {
  return firstOfEachType(namedBy(subject, orders)).map(flip);
}

function periodCase(): ServerCase {
  return orderCase(subject, {
    name: "period",
    title: "sets the rental period of the request",
    about: ["success", "status"],
    needs: "an order of a proxy type for which a second rental period is sold",
    learns: "periods",
    steps(orders) {
      const withOther = orders.filter(({ otherPeriodDays }) => otherPeriodDays !== undefined);
      return inTurn(firstOfEachType(withOther), (order) => {
        const on = { ...order.named, autoExtend: true };
        return [
          switchStep(setAutoExtend, { ...on, rentPeriodDays: order.otherPeriodDays ?? 0 }),
          switchStep(setAutoExtend, on),
          switchStep(setAutoExtend, flipBack(order)),
        ];
      });
    },
  });
}

function repeatCase(): ServerCase {
  return orderCase(subject, {
    name: "repeat",
    title: "gives the same result when a request is repeated",
    steps: withEachType((order, claim) => [
      switchStep(setAutoExtend, flip(order)),
      switchStep(setAutoExtend, flip(order), { claim, compare: sameIpAddresses }),
      switchStep(setAutoExtend, flipBack(order)),
    ]),
  });
}

/** The answer is what counts, so nothing needs to change. */
function everyOrderCountsCase(): ServerCase {
  return orderCase(subject, {
    name: "every-order-counts",
    title: "counts at least one IP address for each of several orders",
    needs: "two orders of one proxy type",
    steps: withSeveral(subject, ([first], together) => [
      switchStep(setAutoExtend, { ...together, autoExtend: isOn(first) }),
    ]),
  });
}

function unknownFieldsCase(): ServerCase {
  return orderCase(subject, {
    name: "unknown-fields",
    title: "ignores fields that it does not know",
    steps: withEachType((order, claim) => {
      const unknown = { promoCode: null, note: { of: ["no interest"] } };
      return [
        switchStep(setAutoExtend, flip(order)),
        switchStep(setAutoExtend, { ...flipBack(order), ...unknown }, { claim }),
      ];
    }),
  });
}

function charsetCase(): ServerCase {
  const rule = ruleOf(setAutoExtend, "proxy-type");
  const headers = { "content-type": "application/json; charset=utf-8" };
  return caseOf(setAutoExtend, {
    name: "charset",
    title: "accepts JSON whose media type names its charset",
    about: ["failure", "status"],
    also: [rule.id],
    steps: () => [
      { send: { ...requestOf(setAutoExtend, harmlessRequest), headers }, expect: expectFailure(rule) },
    ],
  });
}

function ruleOrderCase(name: RuleName<"setAutoExtend">, broken: JsonObject): ServerCase {
  const rule = ruleOf(setAutoExtend, name);
  return orderCase(subject, {
    name: `rule-order/${name}`,
    title: `answers with the error of rule ${name} if later rules are broken as well`,
    about: ["rule-order", "failure", "status"],
    also: [rule.id],
    safety: "refused",
    steps(orders) {
      const steps = firstOfEachType(orders).map((order) => ({
        send: requestOf(setAutoExtend, { ...flip(order), ...broken }),
        expect: expectFailure(rule, { claims: ["setAutoExtend/rule-order"] }),
      }));
      const leaves = { change: null, claims: ["setAutoExtend/refusal-changes-nothing"] };
      return leaving(leaves, steps);
    },
  });
}

/** IP addresses of an order other than IPv6 are switched one by one. */
function partOfOrderCase(): ServerCase {
  return orderCase(ofAddresses, {
    name: "part-of-order",
    title: "switches an IP address without the others of its order",
    about: ["success", "quantity", "status"],
    needs: "an order with several IP addresses that is not of IPv6",
    steps(orders) {
      const divisible = orders.filter((each) => each.proxyType !== "IPv6" && hasSeveralAddresses(each));
      return inTurn(firstOfEachType(divisible), (order) => {
        const parts = order.addresses.map((each) => ({ ...order.named, ipAddressIds: [each.ipAddressId] }));
        return [!isOn(order), isOn(order)].flatMap((autoExtend) =>
          parts.map((part) => switchStep(setAutoExtendByIpAddress, { ...part, autoExtend })),
        );
      });
    },
  });
}

/** Whether auto-extend is on now. If that is unknown, it is taken to be off. */
function isOn(order: NamedOrder | undefined): boolean {
  return order?.addresses[0]?.state?.autoExtend ?? false;
}

/** The request that changes the current state, so that the list shows whether it was carried out. */
function flip(what: NamedOrder): SwitchRequest & JsonObject {
  return { ...what.named, autoExtend: !isOn(what) };
}

function flipBack(what: NamedOrder): SwitchRequest & JsonObject {
  return { ...what.named, autoExtend: isOn(what) };
}

/** One case for each proxy type: on and off, in the order that changes the state both times. */
function switchSuccessCases(subject: OrderSubject): ServerCase[] {
  const { operation, plural } = subject;
  return proxyTypes.map((type) =>
    orderCase(subject, {
      name: `success/${type}`,
      title: `switches ${plural} of ${type} on and off`,
      about: ["success", "quantity", "status", "off"],
      also: typeStatementsOf(operation),
      needs: `an order of ${type}`,
      steps(orders) {
        const order = orders.find(({ proxyType }) => proxyType === type);
        const claim = `${operation.id}/off`;
        return (
          order && [switchStep(operation, flip(order)), switchStep(operation, flipBack(order), { claim })]
        );
      },
    }),
  );
}

/** All IP addresses of an order are switched, in each proxy type that has such an order. */
function severalAddressesCase(subject: OrderSubject): ServerCase {
  const { operation } = subject;
  return orderCase(subject, {
    name: "several-addresses",
    title: "switches every IP address of an order that has several",
    about: ["success", "quantity", "status"],
    learns: "addresses",
    needs: "an order with several IP addresses",
    steps(orders) {
      return inTurn(firstOfEachType(orders.filter(hasSeveralAddresses)), (order) => [
        switchStep(operation, flip(order)),
        switchStep(operation, flipBack(order)),
      ]);
    },
  });
}

function duplicatesCase(subject: OrderSubject): ServerCase {
  const { operation, field, noun } = subject;
  return orderCase(subject, {
    name: "duplicates",
    title: `counts an ${noun} only once if it is listed twice`,
    steps: withEachType((order, claim) => {
      const ids = order.named[field] ?? [];
      const twice = { ...flipBack(order), [field]: [...ids, ...ids] };
      return [
        switchStep(operation, flip(order)),
        switchStep(operation, twice, { claim, compare: sameIpAddresses }),
      ];
    }),
  });
}

/** All orders are switched together after each was switched alone, and one of them apart from the others. */
function severalOrdersCase(subject: OrderSubject, parts: Omit<OrderCaseParts, "steps">): ServerCase {
  const { operation } = subject;
  return orderCase(subject, {
    needs: "two orders of one proxy type",
    ...parts,
    steps: withSeveral(subject, (all, together, claim) => {
      const autoExtend = isOn(all[0]);
      return [
        ...all.map(({ named }) => switchStep(operation, { ...named, autoExtend: !autoExtend })),
        switchStep(operation, { ...together, autoExtend }, { claim, compare: sameIpAddresses }),
        switchStep(operation, { ...together, autoExtend: !autoExtend }, { claim }),
        ...all.map(({ named }) => switchStep(operation, { ...named, autoExtend })),
      ];
    }),
  });
}

/** The success must be about the IP addresses of the earlier ones together: as many, and the same if it lists them. */
function sameIpAddresses(answer: JsonObject, earlier: readonly JsonObject[]): Issue[] {
  const quantity = earlier.reduce((sum, part) => sum + Number(part.quantity), 0);
  if (answer.quantity !== quantity) {
    return [{ path: "quantity", message: `must be ${quantity}, as in the earlier requests together` }];
  }
  const expected = earlier.flatMap(listedIpAddressIds).sort();
  if (listedIpAddressIds(answer).sort().join() === expected.join()) return [];
  const ids = JSON.stringify(expected);
  return [
    { path: "ipAddressIds", message: `must be ${ids} in any order, as in the earlier requests together` },
  ];
}

function listedIpAddressIds(answer: JsonObject): unknown[] {
  return Array.isArray(answer.ipAddressIds) ? [...answer.ipAddressIds] : [];
}

import {
  setAutoExtendByIpAddress as operation,
  type ProxyType,
  proxyTypes,
  reservedIpAddressId,
} from "@auto-extend/core";
import type { KnownOrders, ServerCase } from "../case.js";
import { ruleCases } from "../rule-cases.js";
import { addressesOf, idsOf, ofEachType, switchStep } from "../steps.js";
import {
  duplicatesCase,
  firstOrders,
  flip,
  isOn,
  type Switchable,
  type SwitchSubject,
  sameIpAddresses,
  severalAddressesCase,
  switchCase,
  switchSuccessCases,
} from "../switch-cases.js";

const learns = "addresses";

const subject: SwitchSubject = {
  operation,
  field: "ipAddressIds",
  noun: "IP address",
  learns,
  // Those of an IPv6 order go together, so whole orders are named.
  ordersOf: wholeOrders,
};

const impossible = { ipAddressIds: [reservedIpAddressId], rentPeriodDays: 30, autoExtend: false };

export const setAutoExtendByIpAddressCases: readonly ServerCase[] = [
  ...switchSuccessCases(subject),
  severalAddressesCase(subject),
  partOfOrderCase(),
  quantityCase(),
  duplicatesCase(subject),
  ...ruleCases({
    operation,
    learns,
    requests: (orders) => firstOrders(subject, orders).map(flip),
    anyRequests: [
      { ...impossible, proxyType: "IPv4" },
      { ...impossible, proxyType: "IPv6" },
    ],
    severalAddresses(orders) {
      const order = wholeOrders(orders, "IPv6").find(({ addresses }) => addresses.length >= 2);
      return order && flip(order);
    },
  }),
];

/** IP addresses of an order other than IPv6 are switched one by one. */
function partOfOrderCase(): ServerCase {
  return switchCase(subject, {
    name: "part-of-order",
    title: "switches an IP address without the others of its order",
    about: ["success", "quantity", "status"],
    needs: "an order with several IP addresses that is not of IPv6",
    steps(orders) {
      const [order] = ofEachType((type) =>
        type === "IPv6"
          ? undefined
          : wholeOrders(orders, type).find(({ addresses }) => addresses.length >= 2),
      );
      if (!order) return undefined;
      const parts = idsOf(order.addresses).map((id) => ({ ...order.named, ipAddressIds: [id] }));
      return [!isOn(order), isOn(order)].flatMap((autoExtend) =>
        parts.map((part) => switchStep(operation, { ...part, autoExtend })),
      );
    },
  });
}

function quantityCase(): ServerCase {
  return switchCase(subject, {
    name: "quantity",
    title: "switches the IP addresses of several orders in one call",
    needs: "two orders of one proxy type",
    steps(orders, claim) {
      const type = proxyTypes.find((each) => wholeOrders(orders, each).length >= 2);
      const alone = type ? wholeOrders(orders, type) : [];
      const [first] = alone;
      if (!first) return undefined;
      const autoExtend = isOn(first);
      const ipAddressIds = alone.flatMap(({ addresses }) => idsOf(addresses));
      const together = { ...first.named, ipAddressIds, autoExtend };
      return [
        ...alone.map(({ named }) => switchStep(operation, { ...named, autoExtend: !autoExtend })),
        switchStep(operation, together, { claim, compare: sameIpAddresses }),
      ];
    },
  });
}

function wholeOrders(orders: KnownOrders, type: ProxyType): Switchable[] {
  const { rentPeriodDays = 0 } = orders[type] ?? {};
  return addressesOf(orders[type]).map((addresses) => ({
    named: { proxyType: type, ipAddressIds: idsOf(addresses), rentPeriodDays },
    addresses,
  }));
}

import {
  impossibleIpAddressId,
  type ProxyType,
  proxyTypes,
  type SetAutoExtendByIpAddressRequest,
  setAutoExtendByIpAddress,
} from "@auto-extend/core";
import { type KnownOrders, type ServerCase, serverCase } from "../case.js";
import { ruleCases } from "../rule-cases.js";
import { addressesOf, statementsOf, successStep } from "../steps.js";
import {
  duplicatesCase,
  offRequests,
  type SwitchSubject,
  sameIpAddresses,
  switchSuccessCases,
} from "../switch-cases.js";
import { switchEnvelope } from "../switch-envelope.js";

const envelope = switchEnvelope(setAutoExtendByIpAddress);
const learns = "ipAddressIds";

const subject: SwitchSubject = {
  envelope,
  ids: "ipAddressIds",
  named: "IP address",
  learns,
  // Those of an IPv6 order go together, so whole orders are named.
  offRequest: (orders, type) => offRequest(orders, type, addressesOf(orders[type])[0]),
};

/** Lists IP addresses that need not exist. */
const impossible = { ipAddressIds: [impossibleIpAddressId], rentPeriodDays: 30, autoExtend: false };

/** What a server of {@link setAutoExtendByIpAddress} must do. */
export const setAutoExtendByIpAddressCases: readonly ServerCase[] = [
  ...switchSuccessCases(subject),
  quantityCase(),
  duplicatesCase(subject),
  ...ruleCases({
    envelope,
    learns,
    requests: (orders) => offRequests(subject, orders),
    anyRequests: [
      { ...impossible, proxyType: "IPv4" },
      { ...impossible, proxyType: "IPv6" },
    ],
    severalAddresses: (orders) =>
      offRequest(
        orders,
        "IPv6",
        addressesOf(orders.IPv6).find(({ length }) => length >= 2),
      ),
  }),
];

function quantityCase(): ServerCase {
  const { id } = setAutoExtendByIpAddress;
  return serverCase({
    id: `${id}/quantity`,
    title: "switches the IP addresses of several orders in one call",
    statements: statementsOf(setAutoExtendByIpAddress, "quantity", "success", "status"),
    safety: "changes",
    needs: "two orders of one proxy type",
    learns,
    steps(orders) {
      const type = proxyTypes.find((candidate) => addressesOf(orders[candidate]).length >= 2);
      if (!type) return undefined;
      const alone = addressesOf(orders[type]).flatMap((ids) => offRequest(orders, type, ids) ?? []);
      const all = alone.flatMap(({ ipAddressIds }) => ipAddressIds);
      return [
        ...alone.map((request) => successStep(envelope, request)),
        successStep(
          envelope,
          { ...alone[0], ipAddressIds: all },
          { claim: `${id}/quantity`, compare: sameIpAddresses },
        ),
      ];
    },
  });
}

/** The request that switches IP addresses of a proxy type off; `undefined` where there are none. */
function offRequest(
  orders: KnownOrders,
  type: ProxyType,
  ipAddressIds: string[] | undefined,
): SetAutoExtendByIpAddressRequest | undefined {
  const { rentPeriodDays } = orders[type] ?? {};
  if (ipAddressIds === undefined || rentPeriodDays === undefined) return undefined;
  return { proxyType: type, ipAddressIds, rentPeriodDays, autoExtend: false };
}

import { reservedIpAddressId } from "@auto-extend/core";
import {
  type BrokenServer,
  broken,
  deciding,
  inEach,
  namesType,
  onlyFor,
  page,
  reading,
  refusal,
  refusing,
  succeeding,
} from "./mutations.js";

const rule = "setAutoExtendByIpAddress/rule";
const ofAddresses = ["setAutoExtendByIpAddress", "priceExtensionByIpAddress"] as const;

/** IP addresses of the default world: of an IPv4 order, and all that it has of IPv6. */
const ofIpv4 = "1111111111111111111";
const ofIpv6 = ["22222222222222222", "6666666666666666661", "6666666666666666662"];

export const brokenIpAddressRules: readonly BrokenServer[] = [
  broken(
    "does nothing for an IP address that does not exist, and calls it a success",
    inEach(ofAddresses, "rule/ip-addresses/unknown"),
    ids((listed) => (Array.isArray(listed) && String(listed) === reservedIpAddressId ? [ofIpv4] : listed)),
  ),
  broken(
    "takes no IP addresses for all of them",
    inEach(ofAddresses, "rule/ip-addresses/missing"),
    ids((listed) => listed ?? [ofIpv4]),
  ),
  broken(
    "takes an empty list for all IP addresses",
    inEach(ofAddresses, "rule/ip-addresses/empty"),
    ids((listed) => (Array.isArray(listed) && listed.length === 0 ? [ofIpv4] : listed)),
  ),
  broken(
    "breaks down over a string in place of a list of IP addresses",
    inEach(ofAddresses, "rule/ip-addresses/string"),
    deciding(({ ipAddressIds }) => (typeof ipAddressIds === "string" ? page(500) : undefined)),
  ),
  broken(
    "breaks down over a number for an IP address",
    inEach(ofAddresses, "rule/ip-addresses/number"),
    deciding(({ ipAddressIds }) => (String(ipAddressIds) === "0" ? page(500) : undefined)),
  ),
  broken(
    "has another code for an empty ID of an IP address",
    inEach(ofAddresses, "rule/ip-addresses/empty-id"),
    refusing(35, ({ ipAddressIds }) => Array.isArray(ipAddressIds) && ipAddressIds.includes("")),
  ),
  broken(
    "leaves out the IP addresses that it does not know",
    inEach(ofAddresses, "rule/ip-addresses/one-bad"),
    ids((listed) =>
      Array.isArray(listed) && listed.length > 1 ? listed.filter((id) => id !== reservedIpAddressId) : listed,
    ),
  ),
  broken(
    "does not look at the type of an IP address",
    inEach(ofAddresses, "rule/ip-addresses/other-type"),
    onlyFor(
      ofAddresses,
      reading((body) =>
        body.proxyType === "IPv4" && String(body.ipAddressIds) === ofIpv6[0]
          ? { ...body, ipAddressIds: [ofIpv4] }
          : body,
      ),
    ),
  ),
  broken("switches a part of an IPv6 order", `${rule}/whole-orders/part-of-order`, {
    ...ids((listed) => (String(listed) === ofIpv6[1] ? ofIpv6.slice(1) : listed)),
  }),
  broken(
    "has a code of its own for a part of an IPv6 order",
    `${rule}/whole-orders/part-of-order`,
    deciding((body, request) => (String(body.ipAddressIds) === ofIpv6[1] ? refusal(24, request) : undefined)),
  ),
  broken(
    "does not know IP addresses of IPv6",
    "setAutoExtendByIpAddress/success/IPv6",
    onlyFor(
      ["setAutoExtendByIpAddress"],
      refusing(4, ({ proxyType }) => proxyType === "IPv6"),
    ),
  ),
  broken(
    "refuses to switch IP addresses off",
    "setAutoExtendByIpAddress/success/IPv4",
    onlyFor(
      ["setAutoExtendByIpAddress"],
      refusing(35, (body) => namesType(body) && body.autoExtend === false),
    ),
  ),
  broken(
    "switches the first of several IP addresses only",
    "setAutoExtendByIpAddress/quantity",
    ids((listed) => (Array.isArray(listed) && listed.length === 3 ? listed.slice(0, 1) : listed)),
  ),
  broken(
    "lists other IP addresses than those asked for",
    "setAutoExtendByIpAddress/success/IPv4",
    onlyFor(
      ["setAutoExtendByIpAddress"],
      succeeding((answer) => ({ ...answer, quantity: 1, ipAddressIds: ["1"] })),
    ),
  ),
  broken(
    "refuses an IP address that is listed twice",
    "setAutoExtendByIpAddress/duplicates",
    refusing(24, ({ ipAddressIds }) => isListedTwice(ipAddressIds)),
  ),
  broken(
    "counts an IP address twice that is listed twice",
    "setAutoExtendByIpAddress/duplicates",
    succeeding((answer, { ipAddressIds }) =>
      isListedTwice(ipAddressIds) ? { ...answer, quantity: 2, ipAddressIds } : answer,
    ),
  ),
];

/** Changes the list of the requests that get as far as that. */
function ids(change: (listed: unknown) => unknown) {
  return onlyFor(
    ofAddresses,
    reading((body) => (namesType(body) ? { ...body, ipAddressIds: change(body.ipAddressIds) } : body)),
  );
}

function isListedTwice(listed: unknown): boolean {
  return Array.isArray(listed) && new Set(listed).size < listed.length;
}

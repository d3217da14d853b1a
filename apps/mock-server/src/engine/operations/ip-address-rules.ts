import { formatIssues, type Issue, type ProxyType } from "@auto-extend/core";
import { quoteShort } from "../../lib/text.js";
import { isRunning, type Order, type Placed } from "../state/store.js";
import { mostTold, ofField, runningIn } from "./rules.js";
import type { RuleInput } from "./served-by.js";

/** What a request says that names IP addresses. */
interface OfIpAddresses {
  readonly proxyType: ProxyType;
  readonly ipAddressIds: readonly string[];
}

/** The IP addresses that a request names of one order, each once. */
interface Part {
  readonly order: Order;
  readonly ipAddressIds: ReadonlySet<string>;
}

/** That every IP address id is that of one that still runs, of an order of the proxy type. */
export const ipAddressesCheck = ofField<OfIpAddresses>("ipAddressIds", (asked) =>
  formatIssues(addressIssues(asked)),
);

/** That of an IPv6 order all IP addresses are named that still run. */
export const wholeOrdersCheck = {
  field: "ipAddressIds",
  refusal: (asked: RuleInput<OfIpAddresses>) =>
    asked.request.proxyType === "IPv6" ? formatIssues(missingIssues(asked)) : "",
};

/** The parts of orders that a request names whose IP address ids were checked, in the order in which it names them. */
export function partsOf({ account, request }: Pick<RuleInput<OfIpAddresses>, "account" | "request">): Part[] {
  const parts = new Map<string, { order: Order; ipAddressIds: Set<string> }>();
  for (const id of request.ipAddressIds) {
    const { order } = account.orders.ofIpAddress(id) as Placed;
    const part = parts.get(order.orderId) ?? { order, ipAddressIds: new Set() };
    parts.set(order.orderId, part);
    part.ipAddressIds.add(id);
  }
  return [...parts.values()];
}

function addressIssues({
  account,
  request: { ipAddressIds, proxyType },
  now,
}: RuleInput<OfIpAddresses>): Issue[] {
  const issues: Issue[] = [];
  for (const [index, id] of ipAddressIds.entries()) {
    const message = addressIssue(id, account.orders.ofIpAddress(id), { proxyType, now });
    if (message) issues.push({ path: `ipAddressIds[${index}]`, message });
    if (issues.length === mostTold) break;
  }
  return issues;
}

/** An IP address that has ended is refused like one that does not exist (assumed). */
function addressIssue(
  id: string,
  found: Placed | undefined,
  { proxyType, now }: { readonly proxyType: ProxyType; readonly now: string },
): string {
  if (!found) return `there is no IP address ${quoteShort(id)} in this account`;
  const { order, ipAddress } = found;
  const which = `IP address ${quoteShort(id)} of order ${quoteShort(order.orderId)}`;
  if (order.proxyType !== proxyType) return `${which} is of type ${order.proxyType}, not ${proxyType}`;
  return isRunning(ipAddress, now) ? "" : `${which} ended at ${ipAddress.endsAt}`;
}

function missingIssues(asked: RuleInput<OfIpAddresses>): Issue[] {
  const issues: Issue[] = [];
  for (const { order, ipAddressIds } of partsOf(asked)) {
    const missing = runningIn(order, asked.now).filter((id) => !ipAddressIds.has(id));
    const [first] = missing;
    if (first === undefined) continue;
    const running = missing.length + ipAddressIds.size;
    const message = `IPv6 order ${quoteShort(order.orderId)} has ${running} IP addresses, which go together: ${missing.length} of them ${missing.length === 1 ? "is" : "are"} missing, such as ${quoteShort(first)}`;
    issues.push({ path: "ipAddressIds", message });
    if (issues.length === mostTold) break;
  }
  return issues;
}

import {
  type AcceptedIpAddressList,
  type Issue,
  type ListedOrder,
  listIpAddresses as operation,
  type ProxyType,
  readIpAddressList,
  withoutCredentials,
} from "@auto-extend/core";
import { type CallContext, call } from "../call.js";
import { callRedactor } from "../call-redactor.js";
import type { CallOptions } from "../client.js";

/** Which IP addresses to list. */
export interface ListIpAddressesInput {
  /** Lists those of this proxy type alone; all of them where left out. */
  readonly proxyType?: ProxyType | undefined;
}

/** What may be said of one call that lists IP addresses. */
export interface ListIpAddressesOptions extends CallOptions {
  /** `true` leaves the proxies' logins and passwords in the result's `answer`: keep it out of logs and files then. */
  readonly credentials?: boolean | undefined;
}

/** The IP addresses of an account. */
export interface ListIpAddressesResult {
  /** The orders and their IP addresses, in the order of the answer; without credentials. */
  readonly orders: readonly ListedOrder[];
  /** The records that could not be read and are in no order, and why; empty where all could. */
  readonly unread: readonly Issue[];
  /** The provider's answer; without credentials, unless the call asked for them: then as it came. */
  readonly answer: AcceptedIpAddressList;
}

/** Calls the operation; see the client's method of this name. */
export async function listIpAddresses(
  request: ListIpAddressesInput,
  context: CallContext & { readonly credentials: boolean },
): Promise<ListIpAddressesResult> {
  const answer = await call(operation, request, context);
  const { orders, issues } = readIpAddressList(answer);
  return {
    orders,
    unread: callRedactor(operation, context.settings.redactor).value(issues),
    answer: context.credentials ? answer : (withoutCredentials(answer) as AcceptedIpAddressList),
  };
}

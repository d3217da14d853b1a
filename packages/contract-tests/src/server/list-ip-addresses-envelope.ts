import { listIpAddresses, readIpAddressList } from "@auto-extend/core";
import type { Envelope } from "./envelope.js";

const { success } = listIpAddresses.accepts;
const { failure } = listIpAddresses.emits;

/**
 * What is lawful to answer to {@link listIpAddresses}: no page of it is public, so a success is whatever can be read,
 * and a failure needs no more than its error.
 */
export const listEnvelope: Envelope = {
  operation: listIpAddresses,
  lawful: {
    success,
    failure: failure
      .pick({ success: true, error: true })
      .extend({ error: failure.shape.error.passthrough() })
      .passthrough(),
  },
  check(request, answer) {
    if (answer.success) return listIpAddresses.check(request, { ...answer, success: true });
    const { orders, issues } = readIpAddressList(answer);
    return orders.length + issues.length > 0 ? [{ path: "", message: "no IP addresses, in a failure" }] : [];
  },
};

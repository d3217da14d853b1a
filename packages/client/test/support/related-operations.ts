import type { Client } from "@auto-extend/client";
import {
  getBalance,
  getRentPeriods,
  listIpAddresses,
  priceExtension,
  priceExtensionByIpAddress,
  setAutoExtendByIpAddress,
  specOf,
} from "@auto-extend/core";

/** A call of one of the related operations. */
export interface RelatedOperation {
  readonly name: string;
  /** Sends the documented request. */
  readonly send: (client: Client) => Promise<unknown>;
  readonly success: object;
  readonly failure: object;
  /** The path and query after the API key. */
  readonly target: string;
  /** The body of a POST; `null` for a GET. */
  readonly body: object | null;
}

const byIpAddress = specOf(setAutoExtendByIpAddress).examples.requests.IPv6;
const list = specOf(listIpAddresses).examples.requests.IPv6;
const price = specOf(priceExtension).examples.requests.IPv4;
const addressPrice = specOf(priceExtensionByIpAddress).examples.requests.MOBILE;
const periods = specOf(getRentPeriods).examples.requests.MOBILE;
const balance = specOf(getBalance).examples.requests.balance;

/** The operation that changes something. */
export const switching: RelatedOperation = {
  name: "setAutoExtendByIpAddress",
  send: (client) => client.setAutoExtendByIpAddress(byIpAddress.request),
  success: byIpAddress.success,
  failure: specOf(setAutoExtendByIpAddress).examples.failure,
  target: "/extend/auto",
  body: byIpAddress.request,
};

/** The operations that only read. */
export const reading: readonly RelatedOperation[] = [
  {
    name: "listIpAddresses",
    send: (client) => client.listIpAddresses(list.request),
    success: list.success,
    failure: specOf(listIpAddresses).examples.failure,
    target: "/ipAddress?proxyType=IPv6",
    body: null,
  },
  {
    name: "priceExtension",
    send: (client) => client.priceExtension(price.request),
    success: price.success,
    failure: specOf(priceExtension).examples.failure,
    target: "/calculate/extend/order",
    body: price.request,
  },
  {
    name: "priceExtensionByIpAddress",
    send: (client) => client.priceExtensionByIpAddress(addressPrice.request),
    success: addressPrice.success,
    failure: specOf(priceExtensionByIpAddress).examples.failure,
    target: "/calculate/extend",
    body: addressPrice.request,
  },
  {
    name: "getRentPeriods",
    send: (client) => client.getRentPeriods(periods.request),
    success: periods.success,
    failure: specOf(getRentPeriods).examples.failure,
    target: "/rentPeriod?proxyType=MOBILE",
    body: null,
  },
  {
    name: "getBalance",
    send: (client) => client.getBalance(),
    success: balance.success,
    failure: specOf(getBalance).examples.failure,
    target: "/balance",
    body: null,
  },
];

/** All of them. */
export const relatedOperations: readonly RelatedOperation[] = [switching, ...reading];

import {
  proxyTypes,
  requireErrorCode,
  reservedOrderId,
  setAutoExtend,
  specOf,
  unknownApiKey,
} from "@auto-extend/core";

/** The JSON body or the query of a request. */
export type Sent = Readonly<Record<string, unknown>>;

/** How one path below that of the API key is answered. */
interface Handler {
  readonly method: "GET" | "POST";
  readonly answer: (apiKey: string, sent: Sent) => object;
}

/** One account, of which only auto-extend ever changes. */
export interface ReferenceAccount {
  readonly handlers: Readonly<Record<string, Handler>>;
  /** The switches, in order, such as `11111 on`. */
  readonly switched: readonly string[];
  /** The IP addresses by ID. Tests change them, too. */
  readonly addresses: Readonly<Record<string, Address>>;
}

/** One IP address. */
export interface Address {
  readonly id: string;
  readonly orderId: string;
  readonly type: string;
  autoExtend: boolean;
  rentPeriodDays: number;
}

const orders: Readonly<Record<string, readonly [type: string, ...addresses: string[]]>> = {
  "11111": ["IPv4", "ip-of-11111"],
  "22222": ["IPv4", "1st-of-22222", "2nd-of-22222"],
  "33333": ["IPv6", "ip-of-33333"],
  "44444": ["MOBILE", "ip-of-44444"],
  "55555": ["ISP", "ip-of-55555"],
  "66666": ["IPv6", "1st-of-66666", "2nd-of-66666"],
};

const periods: readonly unknown[] = [30, 60];
/** The price of an IP address for 30 days. The balance does not cover MOBILE. */
const prices: Readonly<Record<string, number>> = { IPv4: 0.8, IPv6: 0.1, MOBILE: 5.5, ISP: 1.6 };
const balance = 5;
const currency = "USD";

/** A login and a password that no report may show. */
export const credentials = { login: "login-to-look-for", password: "password-to-look-for" };

/** Follows the contract, and has nothing that only a mock has. */
export function referenceAccount(): ReferenceAccount {
  const all: Address[] = Object.entries(orders).flatMap(([orderId, [type, ...ids]]) =>
    ids.map((id) => ({ id, orderId, type, autoExtend: false, rentPeriodDays: 30 })),
  );
  const switched: string[] = [];

  return {
    switched,
    addresses: Object.fromEntries(all.map((address) => [address.id, address])),
    handlers: {
      "/extend/order/auto": { method: "POST", answer: switchOrders },
      "/extend/auto": { method: "POST", answer: switchAddresses },
      "/calculate/extend/order": { method: "POST", answer: price(addressesOfOrders, 29) },
      "/calculate/extend": { method: "POST", answer: price(ofAddresses, 24) },
      "/ipAddress": { method: "GET", answer: list },
      "/rentPeriod": { method: "GET", answer: rentPeriods },
      "/balance": { method: "GET", answer: balanceOf },
    },
  };

  function switchOrders(apiKey: string, sent: Sent): object {
    if (apiKey === unknownApiKey) return { ...switchFailure(2), balance: null, currency: null };
    if (!isType(sent.proxyType)) return switchFailure(4);
    const chosen = addressesOfOrders(sent);
    return chosen ? switchAll(chosen, sent) : switchFailure(29);
  }

  function switchAddresses(apiKey: string, sent: Sent): object {
    if (apiKey === unknownApiKey) return { ...switchFailure(2), balance: null, currency: null };
    if (!isType(sent.proxyType)) return switchFailure(4);
    const chosen = ofAddresses(sent);
    if (!chosen) return switchFailure(24);
    const whole = all.filter(({ orderId }) => chosen.some((other) => other.orderId === orderId));
    if (sent.proxyType === "IPv6" && whole.length > chosen.length) return switchFailure(28);
    return switchAll(chosen, sent);
  }

  function switchAll(chosen: readonly Address[], { rentPeriodDays, autoExtend }: Sent): object {
    if (!periods.includes(rentPeriodDays)) return switchFailure(11);
    if (typeof autoExtend !== "boolean") return switchFailure(35);
    for (const address of chosen) {
      address.autoExtend = autoExtend;
      // Switching off leaves the period as it is.
      if (autoExtend) address.rentPeriodDays = Number(rentPeriodDays);
    }
    const orderIds = new Set(chosen.map(({ orderId }) => orderId));
    switched.push(...[...orderIds].map((id) => `${id} ${autoExtend ? "on" : "off"}`));
    return {
      ...specOf(setAutoExtend).examples.requests.IPv4.success,
      proxyType: chosen[0]?.type,
      rentPeriodDays,
      quantity: chosen.length,
      ipAddressIds: chosen.map(({ id }) => id),
    };
  }

  function price(find: (sent: Sent) => Address[] | undefined, code: number): Handler["answer"] {
    return (apiKey, sent) => priced(apiKey, sent, { chosen: find(sent), code });
  }

  function priced(
    apiKey: string,
    sent: Sent,
    { chosen, code: notFound }: { readonly chosen: Address[] | undefined; readonly code: number },
  ): object {
    const empty = { proxyType: null, balance: null, price: null, currency: null, discount: null };
    const refused = (code: number) =>
      failed(code, { ...empty, promoCodeStatus: null, error: null, warnings: null });
    if (apiKey === unknownApiKey) return refused(2);
    if (!isType(sent.proxyType)) return refused(4);
    if (!chosen) return refused(notFound);
    if (!periods.includes(sent.rentPeriodDays)) return refused(11);
    const months = Number(sent.rentPeriodDays) / 30;
    const cost = Number((chosen.length * months * Number(prices[String(sent.proxyType)])).toFixed(2));
    const short = { code: 16, message: requireErrorCode(16).message.text };
    return {
      success: true,
      proxyType: sent.proxyType,
      balance,
      price: cost,
      currency,
      discount: 0,
      promoCodeStatus: sent.promoCode === undefined ? null : "NO_VALID",
      error: null,
      warnings: cost > balance ? [short] : null,
    };
  }

  function list(apiKey: string, { proxyType = null }: Sent): object {
    if (apiKey === unknownApiKey) return failed(2, {});
    if (proxyType !== null && !isType(proxyType)) return failed(4, {});
    const types = proxyTypes.filter((type) => proxyType === null || proxyType === type);
    return { success: true, error: null, ...Object.fromEntries(types.map((type) => [type, ofType(type)])) };
  }

  function ofType(type: string): object[] {
    const ofThisType = Object.keys(orders).filter((orderId) => orders[orderId]?.[0] === type);
    return ofThisType.map((orderId) => ({
      orderId,
      ips: all.filter((address) => address.orderId === orderId).map(recordOf),
    }));
  }

  /** The IP addresses of a request, each once; `undefined` if one does not exist. */
  function ofAddresses({ proxyType, ipAddressIds }: Sent): Address[] | undefined {
    const ids: unknown[] = Array.isArray(ipAddressIds) ? [...new Set(ipAddressIds)] : [];
    const chosen = all.filter(({ id, type }) => ids.includes(id) && type === proxyType);
    return ids.length > 0 && chosen.length === ids.length ? chosen : undefined;
  }

  /** The orders of a request, each once; `undefined` if one does not exist. */
  function addressesOfOrders({ proxyType, orderIds }: Sent): Address[] | undefined {
    const ids: unknown[] = Array.isArray(orderIds) && orderIds.length > 0 ? orderIds : [reservedOrderId];
    const known = all.filter(({ type }) => type === proxyType);
    const isKnown = ids.every((id) => known.some(({ orderId }) => orderId === id));
    return isKnown ? known.filter(({ orderId }) => ids.includes(orderId)) : undefined;
  }
}

function rentPeriods(apiKey: string, { proxyType }: Sent): object {
  const code = apiKey === unknownApiKey ? 2 : isType(proxyType) ? undefined : 4;
  return code === undefined
    ? { success: true, rentPeriodDays: periods, error: null }
    : failed(code, { rentPeriodDays: [] });
}

function balanceOf(apiKey: string): object {
  return apiKey === unknownApiKey
    ? failed(2, { balance: null, currencyCode: null })
    : { success: true, balance, currencyCode: currency, error: null };
}

function recordOf({ id, type, autoExtend, rentPeriodDays }: Address): object {
  return {
    ipAddressId: id,
    ipAddressIp: "192.0.2.1",
    country: "DE",
    proxyType: type,
    dateStart: "01.01.2030",
    dateEnd: "31.01.2030",
    authInfo: credentials,
    extendInfo: { autoExtend, extendDays: rentPeriodDays },
  };
}

function isType(value: unknown): boolean {
  return proxyTypes.some((type) => type === value);
}

function switchFailure(code: number): object {
  return failed(code, specOf(setAutoExtend).examples.failure);
}

function failed(code: number, rest: object): object {
  return { ...rest, success: false, error: { code, message: requireErrorCode(code).message.text } };
}

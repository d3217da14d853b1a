// Values that no account has, so that a request with them can be sent to any server.

/** An API key that no account has: the mock refuses it, so that everyone's error paths can be tried. */
export const unknownApiKey = "unknown-api-key";
/** The error code for an API key that no account has: the one answer that shows nothing of an account. */
export const unknownApiKeyCode = 2;
/** An order id that no account has; together with {@link reservedProxyType}, no server can act on a request. */
export const reservedOrderId = "no-such-order";
/** An IP address id that no account has. */
export const reservedIpAddressId = "no-such-ip-address";
/** A proxy type that does not exist. */
export const reservedProxyType = "no-such-type";

// Values that no account has, so that a request with them can be sent to any server.

/** An API key that no account has. The mock refuses it, so that a program can be tested with an unknown key. */
export const unknownApiKey = "unknown-api-key";
/** The error code for an unknown API key. Such a failure shows no balance, since there is no account. */
export const unknownApiKeyCode = 2;
/** An order ID that no account has. No server can act on a request with it and {@link reservedProxyType}. */
export const reservedOrderId = "no-such-order";
/** An IP address ID that no account has. */
export const reservedIpAddressId = "no-such-ip-address";
/** A proxy type that does not exist. */
export const reservedProxyType = "no-such-type";

/** An API key that no account has: the mock refuses it, so that everyone's error paths can be tried. */
export const unknownApiKey = "unknown-api-key";
/** The error code for an API key that no account has: the one answer that tells nothing of an account. */
export const unknownApiKeyCode = 2;
/** An order id that no account has; together with {@link impossibleProxyType}, no server can act on a request. */
export const impossibleOrderId = "no-such-order";
/** An IP address id that no account has. */
export const impossibleIpAddressId = "no-such-ip-address";
/** A proxy type that does not exist. */
export const impossibleProxyType = "no-such-type";

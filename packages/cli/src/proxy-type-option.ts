import { findProxyType, type ProxyType, proxyTypes } from "@auto-extend/core";
import { usageError } from "./cli-error.js";

/** The proxy type that was typed, in any case. @throws CliError, a usage error, where there is none of the name. */
export function proxyTypeOption(text: string): ProxyType {
  const type = findProxyType(text);
  if (type) return type;
  throw usageError(`There is no proxy type "${text}".`, `Give one of ${proxyTypes.join(", ")}, in any case.`);
}

import type { Issue } from "@auto-extend/core";
import type { SetAutoExtendManyOptions } from "./bulk/options.js";
import type { CallOptions } from "./client.js";
import type { ListIpAddressesOptions } from "./operations/list-ip-addresses.js";
import type { ClientOptions, RetryOptions } from "./options.js";

/** The options of a client; a missing one, or one too many, does not compile. */
export const clientOptionNames = namesOf<ClientOptions>({
  apiKey: true,
  baseUrl: true,
  allowHttp: true,
  fetch: true,
  timeout: true,
  retry: true,
  userAgent: true,
  onEvent: true,
});

/** The options of its retries. */
export const retryOptionNames = namesOf<RetryOptions>({
  attempts: true,
  totalTimeout: true,
  delay: true,
  maxRetryAfter: true,
});

/** The options of one call. */
export const callOptionNames = namesOf<CallOptions>({ signal: true });

/** The options of one call that lists IP addresses. */
export const listIpAddressesOptionNames = namesOf<ListIpAddressesOptions>({
  signal: true,
  credentials: true,
});

/** The options of a run over many orders. */
export const setAutoExtendManyOptionNames = namesOf<SetAutoExtendManyOptions>({
  proxyType: true,
  rentPeriodDays: true,
  autoExtend: true,
  chunkSize: true,
  concurrency: true,
  requestsPerSecond: true,
  signal: true,
});

/**
 * What is wrong with the names of options. A misspelt one would go unnoticed otherwise, and the default it leaves in
 * place may be the live server.
 *
 * @param at the path of the options, with its dot; empty for those of the client.
 */
export function optionNameIssues(options: object, names: readonly string[], at = ""): Issue[] {
  const unknown = Object.keys(options).filter((name) => !names.includes(name));
  return unknown.map((name) => {
    const meant = names.find((known) => plain(known) === plain(name));
    const hint = meant === undefined ? `the options are ${names.join(", ")}` : `did you mean ${meant}?`;
    return { path: `${at}${name}`, message: `is no option; ${hint}` };
  });
}

function namesOf<Options>(names: Readonly<Record<keyof Options, true>>): readonly string[] {
  return Object.keys(names);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, "");
}

import { type BaseUrl, baseUrlIssues, parseBaseUrl, proxyFor } from "@auto-extend/core";
import { ControlError } from "../controls.js";
import type { Engine } from "../engine/engine.js";
import { mockError } from "../engine/problem.js";
import type { Time } from "../engine/time/clock.js";

/** The settings of a mock that forwards requests. */
export interface UpstreamOptions {
  /**
   * The base URL of a server that requests are forwarded to, such as `https://youproxy.io`. Requests and answers are checked
   * against the contract; the mock itself answers only with faults and errors. An HTTP proxy is used if `HTTPS_PROXY`,
   * `HTTP_PROXY` or `ALL_PROXY` names one and `NO_PROXY` does not exclude the host.
   */
  upstream?: string;
  /** Allows plain `http:` to an upstream on another machine: the API key can be read on the way. */
  upstreamAllowHttp?: boolean;
}

/** Where requests are forwarded to, and through which HTTP proxy. */
export interface Upstream extends BaseUrl {
  /** The URL of the proxy; empty for a direct connection. It may contain a password. */
  readonly proxy: string;
}

/** Also settings that a mock with an upstream has no use for. */
interface AllOptions {
  readonly upstream?: string | undefined;
  readonly upstreamAllowHttp?: boolean | undefined;
  readonly world?: unknown;
  readonly apiKeys?: readonly string[] | undefined;
  readonly stateFile?: unknown;
}

/**
 * The upstream that the options name; `null` if the mock answers by itself. It throws a RangeError that says what to do,
 * with these names of the options. URLs are never quoted: people paste URLs with the API key in them, and those of proxies
 * may hold a password.
 */
export function upstreamOf(
  options: AllOptions,
  names: Partial<Record<keyof AllOptions, string>> = {},
): Upstream | null {
  const { upstream, upstreamAllowHttp = false, world, apiKeys = [], stateFile } = options;
  const name = (option: keyof AllOptions) => names[option] ?? option;
  const setting = name("upstreamAllowHttp");
  if (upstream === undefined) {
    if (upstreamAllowHttp) {
      const needed = name("upstream");
      throw new RangeError(`${setting} does nothing without ${needed}. Add ${needed} or remove it.`);
    }
    return null;
  }
  const issues = baseUrlIssues(upstream, { allowHttp: upstreamAllowHttp, setting });
  if (issues.length > 0) {
    const what = issues.map(({ message }) => message).join("; it ");
    throw new RangeError(`${name("upstream")} can't be used: it ${what}.`);
  }
  const useless = [
    ...(world === undefined ? [] : [name("world")]),
    ...(apiKeys.length === 0 ? [] : [name("apiKeys")]),
    ...(stateFile === undefined ? [] : [name("stateFile")]),
  ];
  if (useless.length > 0) {
    throw new RangeError(
      `${useless.join(" and ")} can't be used together with ${name("upstream")}: a mock that forwards requests has no accounts and no state of its own. Remove one or the other.`,
    );
  }
  const target = parseBaseUrl(upstream);
  const proxy = proxyFor(target.href, process.env);
  if (proxy?.url === null) {
    throw new RangeError(
      `The environment variable ${proxy.variable} is not the URL of an HTTP proxy. Set it to one such as http://proxy.example:3128, unset it, or list the host in NO_PROXY.`,
    );
  }
  return { ...target, proxy: proxy?.url ?? "" };
}

const stateless = mockError(
  "stateless",
  501,
  "This mock forwards requests and has no state, no accounts and no clock of its own: ask the upstream server, or start a mock without an upstream.",
);

/**
 * The engine of a mock that forwards requests. It still has a world, but no request ever reaches it: showing that
 * world, finding its accounts or moving its clock would mislead.
 */
export function withoutState(engine: Engine): Engine {
  const refuse = (): never => {
    throw new ControlError({ error: stateless });
  };
  const time = Object.fromEntries(Object.keys(engine.time).map((name) => [name, refuse]));
  return {
    ...engine,
    state: refuse,
    putState: refuse,
    save: refuse,
    callerOf: refuse,
    has: refuse,
    reset() {
      // It also reports that they are gone.
      engine.faults.remove();
      engine.clear();
    },
    time: time as unknown as Time,
  };
}

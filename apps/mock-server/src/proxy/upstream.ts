import { type BaseUrl, baseUrlIssues, parseBaseUrl } from "@auto-extend/core";

/** The settings of a mock that passes requests on. */
export interface UpstreamOptions {
  /**
   * The base URL of a server that requests are passed on to, such as `https://youproxy.io`: the mock then answers
   * nothing of its own, but holds both directions to the contract.
   */
  upstream?: string;
  /** Allows plain `http:` to an upstream beyond this machine: the API key can be read on the way. */
  upstreamAllowHttp?: boolean;
}

/** Settings that mean nothing to a mock that passes requests on. */
interface StateOptions {
  readonly world?: unknown;
  readonly apiKeys?: readonly string[];
  readonly stateFile?: unknown;
}

/** How a way to set options spells them. */
interface Spelling {
  readonly upstream: string;
  readonly allowHttp: string;
  readonly world: string;
  readonly apiKeys: string;
  readonly stateFile: string;
}

const inCode: Spelling = {
  upstream: "upstream",
  allowHttp: "upstreamAllowHttp",
  world: "world",
  apiKeys: "apiKeys",
  stateFile: "stateFile",
};

/**
 * Where requests are to be passed on to; `null` where the mock answers by itself.
 *
 * @throws RangeError where that can't be done.
 */
export function upstreamOf(options: UpstreamOptions & StateOptions): BaseUrl | null {
  if (options.upstream === undefined) return null;
  const problem = upstreamProblem(options, inCode);
  if (problem) throw new RangeError(problem);
  return parseBaseUrl(options.upstream);
}

/**
 * What is wrong with these settings, why, and what to do; nothing where all is well. The URL is not in it: people paste
 * URLs with the API key in them.
 */
export function upstreamProblem(
  options: UpstreamOptions & StateOptions,
  spelling: Spelling,
): string | undefined {
  const { upstream, upstreamAllowHttp = false, world, apiKeys = [], stateFile } = options;
  if (upstream === undefined) return undefined;
  const issues = baseUrlIssues(upstream, { allowHttp: upstreamAllowHttp, setting: spelling.allowHttp });
  if (issues.length > 0) {
    const what = issues.map(({ message }) => message).join("; it ");
    return `${spelling.upstream} can't be used: it ${what}. Give the base URL of the server alone, such as https://youproxy.io.`;
  }
  const useless = [
    ...(world === undefined ? [] : [spelling.world]),
    ...(apiKeys.length === 0 ? [] : [spelling.apiKeys]),
    ...(stateFile === undefined ? [] : [spelling.stateFile]),
  ];
  if (useless.length === 0) return undefined;
  return `${useless.join(" and ")} can't be used together with ${spelling.upstream}: a mock that passes requests on has no accounts and no state of its own. Leave out one or the other.`;
}

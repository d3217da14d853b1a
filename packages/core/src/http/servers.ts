/** A server that speaks the contract. */
export interface Server {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  /** What it is, for people. */
  readonly description: string;
}

/** Where the contract is served: by the provider (sibling), and by the mock server with its own defaults. */
export const servers = {
  live: {
    url: "https://youproxy.io",
    description: "The provider itself: switching auto-extend on costs money here.",
  },
  mock: {
    url: "http://127.0.0.1:4010",
    description: "The mock server on this machine: no account, no money.",
  },
} as const satisfies Record<string, Server>;

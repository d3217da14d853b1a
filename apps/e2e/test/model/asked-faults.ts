export interface AskedFault {
  readonly preset: string;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

/** The parts of a fault. Two faults contradict each other if both have one of them, other than `applied` and `list`. */
export interface Parts {
  readonly code?: number;
  /** The list is that of a newer documentation page. */
  readonly list?: "newer";
  readonly status?: number;
  readonly lost?: "answer" | "request";
  readonly delay?: true;
  readonly applied?: boolean;
}

/** The parts of the presets that the judge asks for. */
const presets: Readonly<Record<string, (options: NonNullable<AskedFault["options"]>) => Parts>> = {
  "lost-answer": () => ({ lost: "answer" }),
  "lost-request": () => ({ lost: "request" }),
  "gateway-502": ({ applied = false }) => ({ status: 502, applied: String(applied) === "true" }),
  "rate-limited": () => ({ status: 429 }),
  "insufficient-funds": () => ({ code: 16 }),
  "drift-orderids": () => ({ list: "newer" }),
  slow: () => ({ delay: true }),
};

export function partsOf({ preset, options = {} }: AskedFault): Parts {
  return presets[preset]?.(options) ?? {};
}

export function contradicts(one: AskedFault, other: AskedFault): boolean {
  const [parts, others] = [partsOf(one), partsOf(other)];
  return (["code", "status", "lost", "delay"] as const).some((part) => part in parts && part in others);
}

/** Whether a request is carried out: what is lost says it, then `applied`; else it is, unless refused or answered with an error status. */
export function isCarriedOut({ code, status = 200, lost, applied }: Parts): boolean {
  if (lost) return lost === "answer";
  return applied ?? (code === undefined && status < 300);
}

/** The fault that an order ID asks for; `null` where it is the ID of an order. */
export function faultInId(id: string): AskedFault | null {
  const [, preset, options = ""] = /^fault-([^:]+):?(.*)$/.exec(id) ?? [];
  if (preset === undefined) return null;
  const pairs = options.split(",").filter(Boolean);
  return { preset, options: Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s, 2))) };
}

/** Faults as a request asks for them in its `Prefer` header. */
export function preferHeader(faults: readonly AskedFault[] | "none"): string {
  if (faults === "none") return "fault=none";
  const options = Object.entries(Object.assign({}, ...faults.map((fault) => fault.options ?? {})));
  return [
    `fault=${faults.map(({ preset }) => preset).join("+")}`,
    ...options.map(([name, value]) => `${name}=${value}`),
  ].join("; ");
}

export interface AskedFault {
  readonly preset: string;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

/** The visible parts of a fault; each is taken from the first fault that has it. */
export interface Parts {
  readonly answer?: { readonly code: number } | "newer list";
  readonly status?: number;
  readonly lost?: "answer" | "request";
  readonly applied?: boolean;
}

/** The parts of the presets that the judge asks for. */
const presets: Readonly<Record<string, (options: NonNullable<AskedFault["options"]>) => Parts>> = {
  "lost-answer": () => ({ lost: "answer" }),
  "lost-request": () => ({ lost: "request" }),
  "gateway-502": ({ applied = false }) => ({ status: 502, applied: String(applied) === "true" }),
  "rate-limited": () => ({ status: 429 }),
  "insufficient-funds": () => ({ answer: { code: 16 } }),
  "drift-orderids": () => ({ answer: "newer list" }),
  slow: () => ({}),
};

/** The effect of several faults together, the one that was asked for first in front. */
export function together(faults: readonly AskedFault[]): Parts {
  const parts = faults.map(({ preset, options = {} }) => presets[preset]?.(options) ?? {});
  return Object.assign({}, ...parts.reverse());
}

/** Whether a request is carried out: what is lost says it, then `applied`; else it is, unless refused or answered with an error status. */
export function isCarriedOut({ answer, status = 200, lost, applied }: Parts): boolean {
  if (lost) return lost === "answer";
  return applied ?? (typeof answer !== "object" && status < 300);
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

import fc from "fast-check";
import { expect } from "vitest";
import { type AskedFault, preferHeader } from "./asked-faults.js";
import type { Model } from "./model.js";
import { type Planned, type Step, step } from "./step.js";
import { apiKeys, types } from "./worlds.js";

/** A fault of those that every channel can deliver, and that take no time worth speaking of. */
export const fault: fc.Arbitrary<AskedFault> = fc.oneof(
  fc.constantFrom(
    { preset: "lost-answer" },
    { preset: "lost-request" },
    { preset: "insufficient-funds" },
    { preset: "rate-limited" },
    { preset: "drift-orderids" },
  ),
  fc.boolean().map((applied) => ({ preset: "gateway-502", options: { applied } })),
  fc.nat(3).map((ms) => ({ preset: "slow", options: { ms } })),
);

/** Faults by header: mostly none, else one or two, or that those which wait are not wanted. */
const preferred = fc.oneof(
  { weight: 6, arbitrary: fc.constant<AskedFault[]>([]) },
  {
    weight: 3,
    // Options in the header are for every fault that has them, so none can come twice.
    arbitrary: fc.uniqueArray(fault, { minLength: 1, maxLength: 2, selector: ({ preset }) => preset }),
  },
  { weight: 1, arbitrary: fc.constant("none" as const) },
);

const place = fc.nat(5);

export const stepsOfRequests: readonly fc.Arbitrary<Step>[] = [good(), good(), good(), good(), any(), any()];

/** One that breaks no rule, where the account has what it takes. */
function good() {
  const drawn = fc.record({
    apiKey: fc.constantFrom(...apiKeys.slice(0, 4)),
    first: place,
    more: fc.array(place, { maxLength: 3 }),
    sold: place,
    autoExtend: fc.boolean(),
    preferred,
    magic: fc.option(fault, { freq: 8 }),
  });
  return step(drawn, ({ apiKey, first, more, sold, autoExtend, preferred, magic }, model) => {
    const { orders = [], sold: periods = {} } = model.expectedAccount(apiKey) ?? {};
    const living = orders.filter(({ addresses }) => addresses.some(({ endsAt }) => endsAt > model.now));
    const among = living.length > 0 ? living : orders;
    const chosen = [first, ...more].flatMap((index) => among[index % among.length] ?? []);
    const proxyType = chosen[0]?.type ?? "IPv4";
    const days = periods[proxyType] ?? [];
    const request = {
      proxyType,
      // Some come twice.
      orderIds: [...chosen.flatMap(({ id, type }) => (type === proxyType ? [id] : [])), ...idOf(magic)],
      rentPeriodDays: days[sold % days.length] ?? 30,
      autoExtend,
    };
    return sending(model, { apiKey, request, preferred });
  });
}

/** One with anything in its fields. */
function any() {
  const drawn = fc.record({
    apiKey: fc.constantFrom(...apiKeys),
    request: fc.record(
      {
        proxyType: fc.constantFrom<unknown>(...types, ...types, "ipv4", "", null, 4),
        orderIds: fc.oneof<fc.Arbitrary<unknown>[]>(
          fc.array(fc.constantFrom("o1", "o2", "o3", "o4", "o7", "no-such-order", "NUMBER-1"), {
            maxLength: 3,
          }),
          fc.array(fc.constantFrom("o1", "o2"), { minLength: 1, maxLength: 2 }),
          fc.constantFrom("o1", null),
        ),
        rentPeriodDays: fc.constantFrom<unknown>(1, 2, 3, 30, 90, 30, 45, 0, 1.5, "30", null),
        autoExtend: fc.constantFrom<unknown>(true, false, true, false, "true", 0),
      },
      { requiredKeys: ["proxyType", "orderIds", "autoExtend"] },
    ),
    preferred,
  });
  return step(drawn, (values, model) => sending(model, values));
}

interface Sending {
  readonly apiKey: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly preferred: readonly AskedFault[] | "none";
}

function sending(model: Model, { apiKey, request, preferred }: Sending): Planned {
  const prefer = preferred.length === 0 ? "" : preferHeader(preferred);
  return {
    text: `${apiKey} sends ${JSON.stringify(request)}${prefer && `, Prefer: ${prefer}`}`,
    async run(real) {
      if (real.sends(request)) {
        const seen = await real.call(apiKey, request, prefer);
        expect(seen).toEqual(model.answer(apiKey, request, preferred));
      } else await expect(real.call(apiKey, request, prefer)).rejects.toThrow();
    },
  };
}

function idOf(fault: AskedFault | null): string[] {
  if (fault === null) return [];
  const options = Object.entries(fault.options ?? {}).map(([name, value]) => `${name}=${value}`);
  return [`fault-${fault.preset}${options.length > 0 ? `:${options.join(",")}` : ""}`];
}

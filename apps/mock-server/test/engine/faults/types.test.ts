import { describe, expectTypeOf, it } from "vitest";
import type { FaultSpec, PresetChoice, PresetName } from "../../../src/index.js";

type OptionsOf<Name extends PresetName> = NonNullable<Extract<PresetChoice, { preset: Name }>["options"]>;
type At = "before" | "middle" | "after";

/** The options of each preset that has some. */
interface Options {
  error: { code?: number; message?: string };
  slow: { ms?: number; jitter?: number };
  latency: { p50?: number; p95?: number; p99?: number };
  "rate-limited": { seconds?: number };
  "rate-limited-date": { seconds?: number };
  "server-error": { applied?: boolean };
  "gateway-502": { applied?: boolean };
  "gateway-504": { applied?: boolean };
  "html-200": { applied?: boolean };
  "unavailable-503": { seconds?: number; applied?: boolean };
  redirect: { status?: 301 | 302 | 303 | 307 | 308; to?: string };
  reset: { at?: At; applied?: boolean };
  closed: { at?: At; applied?: boolean };
  drip: { bytes?: number; ms?: number };
  hang: { at?: "before" | "middle"; applied?: boolean };
  limit: { "per-second"?: number; seconds?: number };
  "limit-concurrent": { concurrent?: number; seconds?: number; ms?: number };
}

describe("the types of faults", () => {
  it("have the options of each preset, with literal names, and no others", () => {
    expectTypeOf<{ [Name in keyof Options]: OptionsOf<Name> }>().toEqualTypeOf<Options>();
    expectTypeOf<OptionsOf<Exclude<PresetName, keyof Options>>>().toEqualTypeOf<Record<string, never>>();
  });

  it("have the literal name of each preset", () => {
    expectTypeOf<
      "slow" | "drift-number-strings" | "insufficient-funds" | "html-200"
    >().toExtend<PresetName>();
    expectTypeOf<string>().not.toExtend<PresetName>();
  });

  it("refuse options that a preset does not have, and a specification without a fault", () => {
    const specs: readonly FaultSpec[] = [
      { preset: "slow", options: { ms: 5, jitter: 1 }, times: 3 },
      { preset: "lost-answer", options: {} },
      { preset: "slow", fault: { applied: false } },
      { fault: { lose: "answer" } },
      // @ts-expect-error: an option of another preset.
      { preset: "slow", options: { code: 29 } },
      // @ts-expect-error: an option that no preset has.
      { preset: "slow", options: { zzz: 29 } },
      // @ts-expect-error: this preset has no options.
      { preset: "lost-answer", options: { code: 29 } },
      // @ts-expect-error: this preset has no options, although it has a code.
      { preset: "insufficient-funds", options: { code: 29 } },
      // @ts-expect-error: a misspelled option.
      { preset: "drip", options: { byte: 29 } },
      // @ts-expect-error: an unknown preset.
      { preset: "slwo" },
      // @ts-expect-error: neither a preset nor a fault.
      {},
      // @ts-expect-error: neither a preset nor a fault.
      { times: 3 },
      // @ts-expect-error: options need a preset.
      { options: { ms: 5 }, fault: { lose: "answer" } },
    ];
    expectTypeOf(specs).not.toBeAny();
  });
});

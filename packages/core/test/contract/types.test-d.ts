import {
  type AcceptedSetAutoExtendSuccess,
  type Operation,
  operations,
  type ProxyType,
  type RuleName,
  type SetAutoExtendFailure,
  type SetAutoExtendRequest,
  type SetAutoExtendSuccess,
} from "@auto-extend/core";
import { expectTypeOf, it } from "vitest";

it("types the request field by field", () => {
  expectTypeOf<SetAutoExtendRequest>().toEqualTypeOf<{
    proxyType: ProxyType;
    orderIds: string[];
    rentPeriodDays: number;
    autoExtend: boolean;
  }>();
});

it("accepts whatever is emitted", () => {
  expectTypeOf<SetAutoExtendSuccess>().toExtend<AcceptedSetAutoExtendSuccess>();
  expectTypeOf<SetAutoExtendFailure>().toExtend<(typeof operations)[0]["accepts"]["failure"]["_output"]>();
  expectTypeOf<SetAutoExtendFailure>().not.toExtend<AcceptedSetAutoExtendSuccess>();
});

it("distinguishes the answers by success", () => {
  type Answer = SetAutoExtendSuccess | SetAutoExtendFailure;
  expectTypeOf<Extract<Answer, { success: true }>>().toEqualTypeOf<SetAutoExtendSuccess>();
  expectTypeOf<Extract<Answer, { success: false }>>().toEqualTypeOf<SetAutoExtendFailure>();
});

it("keeps literals, so that a handler can be looked up by them", () => {
  expectTypeOf(operations).toExtend<readonly Operation[]>();
  expectTypeOf(operations[0].id).toEqualTypeOf<"setAutoExtend">();
  expectTypeOf<RuleName<"getBalance">>().toEqualTypeOf<"api-key">();
});

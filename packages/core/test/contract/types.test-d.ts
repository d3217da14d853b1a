import {
  type Accepted,
  type EmittedAnswers,
  type Operation,
  operations,
  type ProxyType,
  type RuleName,
  type SetAutoExtendRequest,
} from "@auto-extend/core";
import { expectTypeOf, it } from "vitest";

type Success = EmittedAnswers<"setAutoExtend">["success"];
type Failure = EmittedAnswers<"setAutoExtend">["failure"];
type AcceptedSuccess = Accepted<(typeof operations)[0]>;

it("types the request field by field", () => {
  expectTypeOf<SetAutoExtendRequest>().toEqualTypeOf<{
    proxyType: ProxyType;
    orderIds: string[];
    rentPeriodDays: number;
    autoExtend: boolean;
  }>();
});

it("accepts whatever is emitted", () => {
  expectTypeOf<Success>().toExtend<AcceptedSuccess>();
  expectTypeOf<Failure>().toExtend<(typeof operations)[0]["accepts"]["failure"]["_output"]>();
  expectTypeOf<Failure>().not.toExtend<AcceptedSuccess>();
});

it("distinguishes the answers by success", () => {
  type Answer = Success | Failure;
  expectTypeOf<Extract<Answer, { success: true }>>().toEqualTypeOf<Success>();
  expectTypeOf<Extract<Answer, { success: false }>>().toEqualTypeOf<Failure>();
});

it("keeps literals, so that a handler can be looked up by them", () => {
  expectTypeOf(operations).toExtend<readonly Operation[]>();
  expectTypeOf(operations[0].id).toEqualTypeOf<"setAutoExtend">();
  expectTypeOf<RuleName<"getBalance">>().toEqualTypeOf<"api-key">();
});

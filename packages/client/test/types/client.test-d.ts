import {
  type ApiError,
  type AutoExtendError,
  type Client,
  type ClientEvent,
  type ClientOptions,
  createClient,
  type Effect,
  type ErrorName,
  isApiError,
  isAutoExtendError,
  isContractError,
  type SetAutoExtendInput,
  type SetAutoExtendResult,
} from "@auto-extend/client";
import type { ErrorCodeDescription, Issue, ProxyType } from "@auto-extend/core";
import { describe, expectTypeOf, it } from "vitest";

describe("the types", () => {
  it("ask for an API key and nothing else", () => {
    expectTypeOf(createClient).parameters.toEqualTypeOf<[ClientOptions]>();
    expectTypeOf<{ apiKey: string }>().toExtend<ClientOptions>();
    expectTypeOf<{ baseUrl: string }>().not.toExtend<ClientOptions>();
    expectTypeOf(createClient).returns.toEqualTypeOf<Client>();
  });

  it("take the request field by field, lists that may not be changed included", () => {
    expectTypeOf<Client["setAutoExtend"]>().parameter(0).toEqualTypeOf<SetAutoExtendInput>();
    expectTypeOf<SetAutoExtendInput>().toEqualTypeOf<{
      readonly proxyType: ProxyType;
      readonly orderIds: readonly string[];
      readonly rentPeriodDays: number;
      readonly autoExtend: boolean;
    }>();
  });

  it("give the answer field by field, and leave unknown fields unknown", () => {
    expectTypeOf<Client["setAutoExtend"]>().returns.resolves.toEqualTypeOf<SetAutoExtendResult>();
    expectTypeOf<SetAutoExtendResult["success"]>().toEqualTypeOf<true>();
    expectTypeOf<SetAutoExtendResult["quantity"]>().toEqualTypeOf<number>();
    expectTypeOf<SetAutoExtendResult["ipAddressIds"]>().toEqualTypeOf<string[] | null | undefined>();
    expectTypeOf<SetAutoExtendResult["balance"]>().toEqualTypeOf<number | null | undefined>();
    expectTypeOf<SetAutoExtendResult["else"]>().toEqualTypeOf<unknown>();
  });

  it("narrow errors by their guards", () => {
    const error: unknown = undefined;
    if (isAutoExtendError(error)) {
      expectTypeOf(error).toEqualTypeOf<AutoExtendError>();
      expectTypeOf(error.name).toEqualTypeOf<ErrorName>();
      expectTypeOf(error.effect).toEqualTypeOf<Effect>();
    }
    if (isApiError(error)) {
      expectTypeOf(error).toEqualTypeOf<ApiError>();
      expectTypeOf(error.name).toEqualTypeOf<"ApiError">();
      expectTypeOf(error.description).toEqualTypeOf<ErrorCodeDescription>();
    }
    if (isContractError(error)) expectTypeOf(error.issues).toEqualTypeOf<readonly Issue[]>();
  });

  it("narrow events by their type", () => {
    expectTypeOf<Extract<ClientEvent, { type: "answer" }>["status"]>().toEqualTypeOf<number>();
    expectTypeOf<Extract<ClientEvent, { type: "failure" }>["error"]>().toEqualTypeOf<AutoExtendError>();
  });
});

import {
  type ApiError,
  type AutoExtendError,
  type BalanceResult,
  type BulkChunk,
  type CallOptions,
  type Client,
  type ClientEvent,
  type ClientOptions,
  createClient,
  type Effect,
  type ErrorName,
  type Issue,
  isApiError,
  isAutoExtendError,
  isContractError,
  type ListedIpAddress,
  type ListedOrder,
  type ListIpAddressesInput,
  type ListIpAddressesOptions,
  type ListIpAddressesResult,
  type OrderIds,
  type PriceExtensionInput,
  type PriceExtensionResult,
  type ProxyType,
  type RentPeriodsInput,
  type RentPeriodsResult,
  type SetAutoExtendByIpAddressInput,
  type SetAutoExtendInput,
  type SetAutoExtendManyOptions,
  type SetAutoExtendManyRun,
  type SetAutoExtendResult,
} from "@auto-extend/client";
import type { ErrorCodeDescription } from "@auto-extend/core";
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

  it("take the requests of the other operations field by field", () => {
    expectTypeOf<Client["setAutoExtendByIpAddress"]>().parameters.toEqualTypeOf<
      [SetAutoExtendByIpAddressInput, CallOptions?]
    >();
    expectTypeOf<SetAutoExtendByIpAddressInput>().toEqualTypeOf<{
      readonly proxyType: ProxyType;
      readonly ipAddressIds: readonly string[];
      readonly rentPeriodDays: number;
      readonly autoExtend: boolean;
    }>();
    expectTypeOf<Client["priceExtension"]>().parameters.toEqualTypeOf<[PriceExtensionInput, CallOptions?]>();
    expectTypeOf<PriceExtensionInput>().toEqualTypeOf<{
      readonly proxyType: ProxyType;
      readonly orderIds: readonly string[];
      readonly rentPeriodDays: number;
      readonly promoCode?: string | undefined;
    }>();
    expectTypeOf<Client["getRentPeriods"]>().parameters.toEqualTypeOf<[RentPeriodsInput, CallOptions?]>();
    expectTypeOf<RentPeriodsInput>().toEqualTypeOf<{ readonly proxyType: ProxyType }>();
    expectTypeOf<Client["getBalance"]>().parameters.toEqualTypeOf<[CallOptions?]>();
    expectTypeOf<Client["listIpAddresses"]>().parameters.toEqualTypeOf<
      [ListIpAddressesInput?, ListIpAddressesOptions?]
    >();
    expectTypeOf<ListIpAddressesInput>().toEqualTypeOf<{ readonly proxyType?: ProxyType | undefined }>();
    expectTypeOf<ListIpAddressesOptions>().toEqualTypeOf<{
      readonly signal?: AbortSignal | undefined;
      readonly credentials?: boolean | undefined;
    }>();
  });

  it("give the answers of the other operations field by field", () => {
    expectTypeOf<Client["setAutoExtendByIpAddress"]>().returns.resolves.toEqualTypeOf<SetAutoExtendResult>();
    expectTypeOf<Client["priceExtension"]>().returns.resolves.toEqualTypeOf<PriceExtensionResult>();
    expectTypeOf<PriceExtensionResult["price"]>().toEqualTypeOf<number>();
    expectTypeOf<PriceExtensionResult["currency"]>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<Client["getRentPeriods"]>().returns.resolves.toEqualTypeOf<RentPeriodsResult>();
    expectTypeOf<RentPeriodsResult["rentPeriodDays"]>().toEqualTypeOf<number[]>();
    expectTypeOf<Client["getBalance"]>().returns.resolves.toEqualTypeOf<BalanceResult>();
    expectTypeOf<BalanceResult["balance"]>().toEqualTypeOf<number>();
    expectTypeOf<BalanceResult["currencyCode"]>().toEqualTypeOf<string | null | undefined>();
  });

  it("give listed orders that users of the client alone can name", () => {
    expectTypeOf<Client["listIpAddresses"]>().returns.resolves.toEqualTypeOf<ListIpAddressesResult>();
    expectTypeOf<ListIpAddressesResult["orders"]>().toEqualTypeOf<readonly ListedOrder[]>();
    expectTypeOf<ListIpAddressesResult["unread"]>().toEqualTypeOf<readonly Issue[]>();
    expectTypeOf<ListIpAddressesResult["answer"]["else"]>().toEqualTypeOf<unknown>();
    expectTypeOf<ListedOrder["ipAddresses"]>().toEqualTypeOf<readonly ListedIpAddress[]>();
    expectTypeOf<ListedOrder["proxyType"]>().toEqualTypeOf<ProxyType | null>();
  });

  it("take any iterable of IDs for a run, and give events that can be awaited", () => {
    expectTypeOf<Client["setAutoExtendMany"]>().parameters.toEqualTypeOf<
      [OrderIds, SetAutoExtendManyOptions]
    >();
    expectTypeOf<Set<string>>().toExtend<OrderIds>();
    expectTypeOf<AsyncGenerator<string>>().toExtend<OrderIds>();
    expectTypeOf<number[]>().not.toExtend<OrderIds>();
    expectTypeOf<{ autoExtend: true }>().toExtend<SetAutoExtendManyOptions>();
    expectTypeOf<{ proxyType: "IPv4" }>().not.toExtend<SetAutoExtendManyOptions>();
    expectTypeOf<SetAutoExtendManyRun>().toExtend<AsyncIterable<BulkChunk>>();
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
    expectTypeOf<Extract<ClientEvent, { type: "answer" }>["date"]>().toEqualTypeOf<string | null>();
    expectTypeOf<Extract<ClientEvent, { type: "failure" }>["error"]>().toEqualTypeOf<AutoExtendError>();
  });
});

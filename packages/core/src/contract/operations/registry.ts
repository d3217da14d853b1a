import type * as z from "zod/v3";
import type { Answers, Operation, OperationSpec } from "../operation.js";
import { getBalance, getBalanceSpec } from "./get-balance.js";
import { getRentPeriods, getRentPeriodsSpec } from "./get-rent-periods.js";
import { listIpAddresses, listIpAddressesSpec } from "./list-ip-addresses.js";
import {
  priceExtension,
  priceExtensionByIpAddress,
  priceExtensionByIpAddressSpec,
  priceExtensionSpec,
} from "./price-extension.js";
import {
  setAutoExtend,
  setAutoExtendByIpAddress,
  setAutoExtendByIpAddressSpec,
  setAutoExtendSpec,
} from "./set-auto-extend.js";

export { insufficientFundsCode } from "../shared/price-answers.js";
export { type IdKind, idKinds } from "../shared/rules.js";
export type { PriceExtensionRequest } from "./price-extension.js";
export type { SetAutoExtendRequest } from "./set-auto-extend.js";
export {
  getBalance,
  getRentPeriods,
  listIpAddresses,
  priceExtension,
  priceExtensionByIpAddress,
  setAutoExtend,
  setAutoExtendByIpAddress,
};

/** Every operation of the contract. With an inferred type, the declarations would repeat every schema. */
export const operations: readonly [
  typeof setAutoExtend,
  typeof setAutoExtendByIpAddress,
  typeof listIpAddresses,
  typeof priceExtension,
  typeof priceExtensionByIpAddress,
  typeof getRentPeriods,
  typeof getBalance,
] = [
  setAutoExtend,
  setAutoExtendByIpAddress,
  listIpAddresses,
  priceExtension,
  priceExtensionByIpAddress,
  getRentPeriods,
  getBalance,
];

/** The ID of an operation, which is also the name of the client's method. */
export type OperationId = (typeof operations)[number]["id"];

const specs = {
  setAutoExtend: setAutoExtendSpec,
  setAutoExtendByIpAddress: setAutoExtendByIpAddressSpec,
  listIpAddresses: listIpAddressesSpec,
  priceExtension: priceExtensionSpec,
  priceExtensionByIpAddress: priceExtensionByIpAddressSpec,
  getRentPeriods: getRentPeriodsSpec,
  getBalance: getBalanceSpec,
} as const satisfies Record<OperationId, () => OperationSpec>;

/** The specification of the operation with this ID. */
export type SpecOf<Id extends OperationId> = ReturnType<(typeof specs)[Id]>;

/** The two answers of our mock to the operation with this ID. */
export type EmittedAnswers<Id extends OperationId> = {
  readonly [Kind in keyof Answers]: z.infer<SpecOf<Id>["emits"][Kind]>;
};

/** The names of the rules of the operation with this ID. */
export type RuleName<Id extends OperationId> = SpecOf<Id>["rules"][number]["name"];

const made = new Map<string, OperationSpec>();

/**
 * The facts about an operation, the same object for the same ID, apart from it so that a bundler can leave them out.
 *
 * @throws RangeError if the contract has no operation with this ID.
 */
export function specOf<Id extends OperationId>(operation: { readonly id: Id }): SpecOf<Id>;
export function specOf(operation: Pick<Operation, "id">): OperationSpec;
export function specOf({ id }: Pick<Operation, "id">): OperationSpec {
  const known = made.get(id);
  if (known) return known;
  const [, makeSpec] = Object.entries(specs).find(([name]) => name === id) ?? [];
  if (!makeSpec)
    throw new RangeError(`The contract has no operation "${id}": it has ${Object.keys(specs).join(", ")}.`);
  const spec: OperationSpec = makeSpec();
  made.set(id, spec);
  return spec;
}

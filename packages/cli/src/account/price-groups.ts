import { type ApiError, isApiError, type PriceExtensionResult } from "@auto-extend/client";
import { insufficientFundsCode, sumOfAmounts } from "@auto-extend/core";
import type { Context } from "../context.js";
import { isTrouble } from "../failure.js";
import type { OpenClient } from "./open-client.js";
import type { OrderGroup } from "./order-groups.js";

/** What one extension of a group costs, as the provider says. */
export interface GroupPrice {
  readonly group: OrderGroup;
  readonly answer: PriceExtensionResult;
}

/** What one extension of all groups costs. */
export interface TotalPrice {
  readonly groups: readonly GroupPrice[];
  readonly price: number;
  /** `null` where the provider did not say. */
  readonly balance: number | null;
  /** What is left of the balance; below zero where it does not suffice. */
  readonly balanceAfter: number | null;
  readonly currency: string | null;
  /** Why an extension would fail now, in the provider's words, and in ours where the sum of all is more than there is. */
  readonly warnings: readonly { readonly code: number; readonly message: string }[];
}

/** What is to be priced. */
interface Pricing {
  readonly groups: readonly OrderGroup[];
  readonly promoCode?: string | undefined;
  /** Told of a group that the provider tells no price of; where left out, that is thrown. */
  readonly onRefusal?: (group: OrderGroup, error: ApiError) => void;
}

/**
 * Asks for the price of one extension of each group; nothing is spent.
 *
 * @throws AutoExtendError where a price can't be had.
 */
export async function priceGroups(
  context: Context,
  { client }: Pick<OpenClient, "client">,
  { groups, promoCode, onRefusal }: Pricing,
): Promise<TotalPrice> {
  const prices: GroupPrice[] = [];
  for (const group of groups) {
    const { proxyType, rentPeriodDays, orderIds } = group;
    const request = {
      proxyType,
      rentPeriodDays,
      orderIds,
      ...(promoCode === undefined ? {} : { promoCode }),
    };
    try {
      const answer = await client.priceExtension(request, { signal: context.io.signal });
      prices.push({ group, answer });
    } catch (error) {
      if (!onRefusal || !isApiError(error) || isTrouble(error)) throw error;
      onRefusal(group, error);
    }
  }
  return totalOf(prices);
}

function totalOf(groups: readonly GroupPrice[]): TotalPrice {
  const answers = groups.map(({ answer }) => answer);
  const price = sumOfAmounts(answers.map((answer) => answer.price));
  const last = answers.at(-1);
  const balance = last?.balance ?? null;
  const balanceAfter = balance === null ? null : sumOfAmounts([balance, -price]);
  const warnings = answers.flatMap((answer) =>
    (answer.warnings ?? []).map(({ code, message }) => ({ code, message })),
  );
  // Each group alone may be covered, and all of them together not.
  if (
    balanceAfter !== null &&
    balanceAfter < 0 &&
    !warnings.some(({ code }) => code === insufficientFundsCode)
  ) {
    warnings.push({
      code: insufficientFundsCode,
      message: "Insufficient funds on balance for all orders together",
    });
  }
  return { groups, price, balance, balanceAfter, currency: last?.currency ?? null, warnings };
}

import { defineCommand, orderOptions, paceOptions, textOption } from "../app/command.js";
import { exitCodes } from "../app/errors.js";
import { cleanShort, numberText, wrap } from "../app/format.js";

export const price = defineCommand({
  name: "price",
  group: "Costs",
  description: "Show what one renewal of orders costs. Spends nothing.",
  argument: "[orderId...]",
  options: {
    ...orderOptions,
    promoCode: textOption("--promo-code <code>", "price with a promo code"),
    ...paceOptions,
  },
  examples: [
    "auto-extend price 11111 22222",
    "auto-extend price 11111 --days 90",
    "auto-extend price --file orders.csv",
    "auto-extend price 55555 --promo-code SPRING --json",
  ],
  async run(context, { args: orderIds, options }) {
    const [
      { openClient },
      { isGiven, readInput },
      { notePeriods, planOrders, readIfPossible, readList },
      { unsentError, unsentText },
      pricing,
      { checkSeparateFiles },
    ] = await Promise.all([
      import("../app/connection.js"),
      import("../orders/input.js"),
      import("../orders/plan.js"),
      import("../orders/unsent.js"),
      import("../orders/pricing.js"),
      import("../app/files.js"),
    ]);
    const { file, type, days } = options;
    const read = { "--file": file, "--api-key-file": context.options.apiKeyFile };
    await checkSeparateFiles(context.io, { read, written: {} });
    const server = await openClient(context);
    const input = await readInput(context, { orderIds, file, type, days });
    const hint = "With --type and --days, it is not needed.";
    const list = isGiven(input)
      ? await readIfPossible(context, server)
      : await readList(context, server, { hint });
    const plan = await planOrders(input, { autoExtend: true, list, purpose: "price" });
    try {
      const { groups, unsent } = plan;
      const { reasons } = unsent;
      if (groups.length === 0 && reasons.length > 0) throw unsentError(reasons, "priced");
      const prices = await pricing.priceGroups(context, server.client, { groups, options });
      for (const each of reasons) context.note(unsentText(each, "priced"));
      await pricing.noteUnlisted(context, { list, groups });
      notePeriods(context, plan);
      pricing.notePrices(context, prices);
      const { gone, ...shown } = prices;
      const { promoCodeStatus, discount } = prices;
      const extras = [
        ...(promoCodeStatus ? [promoCodeText(promoCodeStatus, options.promoCode)] : []),
        ...(discount ? [`Discount: ${numberText(discount)}`] : []),
      ];
      const isPart = prices.priced < prices.orders || reasons.length > 0;
      return {
        exitCode: isPart ? exitCodes.mixed : exitCodes.done,
        result: {
          ...shown,
          leftOut: reasons.map(({ count, ...each }) => ({ ...each, orders: count })),
          groups: groups.map(pricing.pricedGroup),
        },
        text() {
          const { dataWidth } = context;
          const lines = [...pricing.priceLines(prices, { isPart }), ...extras].map((line) =>
            wrap(line, dataWidth),
          );
          return [...pricing.groupTable(groups, prices, dataWidth), ...lines]
            .map((line) => `${line}\n`)
            .join("");
        },
      };
    } finally {
      await Promise.all([plan.close(), input.close()]);
    }
  },
});

/** The provider answers `VALID` or `NO_VALID` (sibling); other servers may answer anything. */
function promoCodeText(status: string, code = ""): string {
  if (status === "VALID") return "The promo code is valid.";
  if (status !== "NO_VALID") return `Promo code: ${cleanShort(status, 100)}`;
  return `The promo code "${cleanShort(code)}" is not valid (NO_VALID): the prices are without it.`;
}

import type { Orders } from "@auto-extend/contract-tests";
import { findProxyType, gradeMeanings, grades, proxyTypes } from "@auto-extend/core";
import {
  choice,
  fileOption,
  flag,
  type OptionSpec,
  type OptionsOf,
  parseDays,
  textOption,
} from "../../app/command.js";
import { usageError } from "../../app/errors.js";

const orderOption: OptionSpec<Orders> = {
  flags: "--order <type:id[,id...][:days]>",
  description:
    "orders to price and, with --allow-changes, to switch and restore; without days: 30; repeatable",
  parse: addOrders,
  repeats: true,
};

export const verifyOptions = {
  allowChanges: flag(
    "--allow-changes",
    "also run the cases that can change something, if the server is not on this machine; asks first",
  ),
  order: orderOption,
  grade: choice(
    "--grade <grade>",
    "run only the cases of this grade or a surer one: reference (the surest), sibling, observed or assumed",
    grades.map((name) => ({ name, description: gradeMeanings[name] })),
  ),
  only: textOption("--only <prefix>", "run only the cases whose ID begins with this"),
  junit: fileOption("--junit <file>", "write a JUnit report for build servers"),
  yes: flag("--yes", "do not ask before --allow-changes"),
};

export type VerifyOptions = OptionsOf<typeof verifyOptions>;

/** The rental period of the documented examples. */
const usualDays = 30;

/** Reads `TYPE:ID[,ID...][:DAYS]`. */
function addOrders(text: string, earlier: Orders = {}): Orders {
  const [type, ids, days, ...rest] = text.split(":");
  const proxyType = findProxyType(type ?? "");
  const rentPeriodDays = days === undefined ? usualDays : parseDays(days);
  if (!proxyType || !ids || rest.length > 0 || rentPeriodDays === undefined) {
    throw usageError(
      `--order can't be "${text}".`,
      `Write TYPE:ID[,ID...][:DAYS], such as IPv4:11111,22222:30. TYPE is one of ${proxyTypes.join(", ")}.`,
    );
  }
  if (earlier[proxyType]) {
    throw usageError(
      `--order is given twice for ${proxyType}.`,
      "Separate the order IDs of one type with commas.",
    );
  }
  const orderIds = ids.split(",").map((orderId) => orderId.trim());
  return { ...earlier, [proxyType]: { orderIds, rentPeriodDays } };
}

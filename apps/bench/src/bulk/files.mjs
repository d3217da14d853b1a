// The files that the CLI writes, read as a stranger would.
import { readFileSync } from "node:fs";

/**
 * The rows of a file of failures. No cell that counts has a comma or a quote in it, but for the message, which is the last.
 *
 * @param {string} file
 */
export function failuresIn(file) {
  const [heading, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  if (heading !== "type,orderId,days,outcome,code,message")
    throw new Error(`${file} begins with: ${heading}`);
  return lines.map((line) => {
    const [type, orderId, days, outcome, code] = line.split(",");
    return { type, orderId, days: Number(days), outcome, code: code === "" ? null : Number(code), line };
  });
}

/**
 * What a ledger says was done.
 *
 * @param {string} file
 */
export function ledgerIn(file) {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(1);
  const chunks = lines.map((line) => JSON.parse(line)).filter(({ changed }) => changed);
  const sum = (name) => chunks.reduce((total, chunk) => total + chunk[name], 0);
  return {
    changed: chunks.flatMap(({ changed }) => changed),
    quantity: sum("quantity"),
    calls: sum("calls"),
  };
}

import { generateWorld } from "@auto-extend/mock-server";

export const apiKey = "bulk-proof-key";

/**
 * A world of so many orders, of every type, in one account that has the API key to itself.
 *
 * @param {{ orders: number, seed: number }} options
 */
export function bulkWorld({ orders, seed }) {
  const world = generateWorld({ orders, addresses: orders * 2, seed });
  return { ...world, accounts: world.accounts.map((account) => ({ ...account, id: "bulk", apiKey })) };
}

import type { AccountState } from "./world.js";

/** The number of list items per part: an order may have very many addresses. */
const itemsAtATime = 200;

/**
 * Writes the fields of `head` and accounts as JSON in small parts, with a line for each order. The state must not change
 * between parts; orders never do.
 */
export function* worldText(head: object, accounts: Iterable<AccountState>): Generator<string> {
  yield* withList(head, "accounts", accounts, function* ({ orders, ...account }) {
    yield* withList(account, "orders", orders, function* ({ ipAddresses, ...order }) {
      yield `${JSON.stringify(order).slice(0, -1)},"ipAddresses":[`;
      for (let at = 0; at < ipAddresses.length; at += itemsAtATime) {
        const text = JSON.stringify(ipAddresses.slice(at, at + itemsAtATime)).slice(1, -1);
        yield at === 0 ? text : `,${text}`;
      }
      yield "]}";
    });
  });
}

function* withList<Item>(
  holder: object,
  name: string,
  items: Iterable<Item>,
  each: (item: Item) => Iterable<string>,
): Generator<string> {
  yield `${JSON.stringify(holder).slice(0, -1)},"${name}":[`;
  let end = "\n";
  for (const item of items) {
    yield end;
    yield* each(item);
    end = ",\n";
  }
  yield "]}";
}

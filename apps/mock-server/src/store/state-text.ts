import type { SavedEngine } from "../engine/engine.js";
import type { SavedKeys } from "./key-hashes.js";
import { shortened } from "./shared-orders.js";

/** What a state file says of itself. */
export const stateFormat = { format: "auto-extend-mock-state", version: 1 } as const;

/** How long a piece is, about: long enough to be worth a write, and short enough to be made in a millisecond or two. */
const pieceLength = 262_144;
/** How many items of a list are written at a time: an order may have very many addresses. */
const itemsAtATime = 200;

/**
 * The text of a state file, piece by piece: JSON with a line for each order. A large state would keep everyone waiting if
 * it were made at once; what is still to be made must not change meanwhile, but orders never do.
 */
export function* stateText(saved: SavedEngine, keys: SavedKeys): Iterable<string> {
  let piece: string[] = [];
  let length = 0;
  for (const part of parts(saved, keys)) {
    piece.push(part);
    length += part.length;
    if (length < pieceLength) continue;
    yield piece.join("");
    piece = [];
    length = 0;
  }
  yield piece.join("");
}

function* parts({ accounts, ...rest }: SavedEngine, keys: SavedKeys): Iterable<string> {
  const short = shortened(accounts);
  yield* withList({ ...stateFormat, ...rest, keys }, "accounts", accounts, function* (whole) {
    const { orders, ...account } = short(whole);
    yield* withList(account, "orders", orders, function* ({ ipAddresses, ...order }) {
      yield* withList(order, "ipAddresses", ipAddresses);
    });
  });
  yield "\n";
}

/** An object with a list in it, which comes last. */
function* withList<Item>(
  holder: object,
  name: string,
  items: readonly Item[],
  each?: (item: Item) => Iterable<string>,
): Iterable<string> {
  yield `${JSON.stringify(holder).slice(0, -1)},"${name}":[`;
  if (each) {
    for (const [index, item] of items.entries()) {
      yield index === 0 ? "\n" : ",\n";
      yield* each(item);
    }
  } else {
    for (let at = 0; at < items.length; at += itemsAtATime) {
      const text = JSON.stringify(items.slice(at, at + itemsAtATime)).slice(1, -1);
      yield at === 0 ? text : `,${text}`;
    }
  }
  yield "]}";
}

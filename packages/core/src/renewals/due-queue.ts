/** Something that is due at a moment. */
export interface Due {
  /** In milliseconds since 1970. */
  readonly at: number;
  /** Decides between what is due at the same moment: the smaller comes first. */
  readonly rank: number;
}

/** Gives back what is due next, however it was put in: a binary heap. */
export class DueQueue<Item extends Due> {
  readonly #items: Item[] = [];

  /** What is due next, left in; `undefined` where nothing is. */
  peek(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(item, items[parent] as Item)) break;
      items[at] = items[parent] as Item;
      at = parent;
    }
    items[at] = item;
  }

  /** What is due next, taken out; `undefined` where nothing is. */
  pop(): Item | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      const right = child + 1;
      if (right < items.length && before(items[right] as Item, items[child] as Item)) child = right;
      if (!before(items[child] as Item, last)) break;
      items[at] = items[child] as Item;
      at = child;
    }
    items[at] = last;
    return first;
  }
}

function before(a: Due, b: Due): boolean {
  return a.at === b.at ? a.rank < b.rank : a.at < b.at;
}

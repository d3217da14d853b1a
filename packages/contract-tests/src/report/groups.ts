/** How many case ids are named in one line. */
const mostIds = 3;

/** Items by what they have in common, in the order in which each group began. */
export function grouped<Item>(
  items: readonly Item[],
  commonOf: (item: Item) => string,
): [common: string, group: readonly Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const common = commonOf(item);
    const group = groups.get(common);
    if (group) group.push(item);
    else groups.set(common, [item]);
  }
  return [...groups];
}

/** The first few case ids, and how many more there are. */
export function fewOf(ids: readonly string[]): string {
  const rest = ids.length - mostIds;
  return ids.slice(0, mostIds).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** All case ids, those that differ in their last part on one line. */
export function byFamily(ids: readonly string[]): string[] {
  return grouped(ids, (id) => id.slice(0, id.lastIndexOf("/") + 1)).map(([family, group]) => {
    const [only] = group;
    if (group.length === 1 && only !== undefined) return only;
    return `${family}{${group.map((id) => id.slice(family.length)).join(", ")}}`;
  });
}

/** A count and its noun, for people: `1 order`, `2 orders`. */
export function counted(count: number, noun: string, plural = "s"): string {
  return `${count} ${noun}${count === 1 ? "" : plural}`;
}

/** The longest piece of a request that is quoted, in characters. */
const longest = 60;

/** A piece of a request in quotes, cut to what is enough to recognize it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}...` : text);
}

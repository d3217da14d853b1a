/** A count and its noun, for people: `1 order`, `2 orders`. */
export function pluralize(count: number, noun: string, plural = "s"): string {
  return `${count} ${noun}${count === 1 ? "" : plural}`;
}

/** The longest piece of a request that is quoted, in characters. */
const maxQuoteLength = 60;

/** A piece of a request in quotes, cut to what is enough to recognize it. */
export function quoteShort(text: string): string {
  return JSON.stringify(text.length > maxQuoteLength ? `${text.slice(0, maxQuoteLength)}...` : text);
}

/** The longest explanation that goes into a header, in characters. */
const maxHeaderLength = 1_000;

/** Makes a text fit for a header: visible ASCII on one line, everything else escaped as in JSON, and not too long. */
export function headerText(text: string): string {
  const cut = text.length > maxHeaderLength ? `${text.slice(0, maxHeaderLength)}...` : text;
  return cut.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

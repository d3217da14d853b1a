/** The longest explanation that goes into a header, in characters. */
const longest = 1_000;

/** Makes a text fit for a header: visible ASCII on one line, everything else escaped as in JSON, and not too long. */
export function headerText(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}...` : text;
  return cut.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** What of a text that goes to a terminal is no mistake. */
interface PrintableOptions {
  /** Whether sequences that only set colours stay: for a text that was painted before. */
  readonly colours?: boolean;
}

/**
 * A text with its control characters made visible, for those that came from elsewhere could take over a terminal; line
 * feeds stay.
 */
export function printable(text: string, { colours = false }: PrintableOptions = {}): string {
  return text.replace(/(?!\n)\p{Cc}/gu, (character, offset: number) =>
    colours && character === "\u001b" && /^\[\d{1,2}m/.test(text.slice(offset + 1, offset + 5))
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * A text that came from elsewhere, in one line and no longer than that: what could move a cursor, end a line or turn
 * the direction of what follows is shown as an escape.
 */
export function visible(text: string, most = 40): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
  const characters = [...shown];
  return characters.length > most ? `${characters.slice(0, most - 3).join("")}...` : shown;
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}

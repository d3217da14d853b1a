import { visible } from "../visible.js";

/** A piece of HTML, with whatever came from elsewhere escaped in it. */
export interface Html {
  readonly html: string;
}

/** What can stand in a template of {@link html}: anything but HTML itself is text, and is escaped. */
export type Insert = Html | string | number | readonly Html[];

/** HTML from a template. Texts that are put in are escaped, invisible characters in them are shown. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  return { html: parts.map((part, index) => part + markupOf(inserts[index])).join("") };
}

function markupOf(insert: Insert | undefined): string {
  if (insert === undefined) return "";
  if (typeof insert === "number") return String(insert);
  if (typeof insert === "string") {
    return visible(insert, Number.POSITIVE_INFINITY).replace(
      /[&<>"']/g,
      (character) => entities[character] ?? "",
    );
  }
  return "html" in insert ? insert.html : insert.map((each) => each.html).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

import { clean } from "../app/format.js";

export interface Html {
  readonly html: string;
}

/** An insert in a template of {@link html}: everything except HTML itself is text, and is escaped. */
export type Insert = Html | string | number | readonly Html[];

/** HTML from a template. Inserted texts are escaped, and invisible characters in them shown. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  return { html: parts.map((part, index) => part + markupOf(inserts[index])).join("") };
}

function markupOf(insert: Insert | undefined): string {
  if (insert === undefined) return "";
  if (typeof insert === "number") return String(insert);
  if (typeof insert === "string") {
    return clean(insert).replace(/[&<>"']/g, (character) => entities[character] ?? "");
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

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { number } from "./format.ts";

/** JSON as lines of text. Everything becomes text nodes, whatever a request contained. */

interface Line {
  readonly depth: number;
  readonly name: string | null;
  readonly text: string;
  readonly path: string | null;
}

/** Lists are cut after this many items, except around the marked one. */
const maxItems = 60;
const shortText = 40;

interface JsonProps {
  readonly value: unknown;
  /** The path of the line to mark, such as `orderIds[1]`; in a text, such as `line 2`. */
  readonly mark?: string | null;
  /** A note beside the marked line. */
  readonly note?: string | undefined;
  /** Lines above the value; those with a note are marked. */
  readonly head?: readonly { readonly text: string; readonly note?: string }[];
}

export function Json({ value, mark = null, note, head = [] }: JsonProps) {
  const scroller = useRef<HTMLPreElement>(null);
  // Another value may have its mark elsewhere.
  useLayoutEffect(() => {
    const marked = scroller.current?.querySelector<HTMLElement>(".hot");
    if (scroller.current) scroller.current.scrollTop = Math.max(0, (marked?.offsetTop ?? 0) - 160);
  }, [value, mark]);
  const lines =
    value === undefined
      ? []
      : typeof value === "string"
        ? textLines(value)
        : jsonLines(value, mark, note === undefined ? null : fieldOf(mark) || null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so that it must be reachable by keyboard.
    <pre class="code" tabIndex={0} ref={scroller}>
      {head.map(({ text, note: headNote }) => (
        <span key={text} class={headNote === undefined ? "l k" : "l hot"}>
          {text}
          {headNote !== undefined && <span class="note"> ← {headNote}</span>}
        </span>
      ))}
      {lines.map(({ depth, name, text, path }, index) => (
        <span key={index} class={mark !== null && path === mark ? "l hot" : "l"}>
          {" ".repeat(depth * 2)}
          {name !== null && <span class="k">{JSON.stringify(name)}: </span>}
          {text}
          {note !== undefined && path === mark && <span class="note"> ← {note}</span>}
        </span>
      ))}
    </pre>
  );
}

/** Lines of a file with their numbers, some of them marked. */
export function NumberedLines(props: {
  lines: readonly string[];
  marked: ReadonlySet<number>;
  from: number;
}) {
  const { lines, marked, from } = props;
  const width = String(from + lines.length).length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so that it must be reachable by keyboard.
    <pre class="code" tabIndex={0}>
      {lines.map((text, index): ComponentChildren => {
        const line = from + index;
        return (
          <span key={line} class={marked.has(line) ? "l hot" : "l"}>
            <span class="k">{`${String(line).padStart(width)}  `}</span>
            {text}
          </span>
        );
      })}
    </pre>
  );
}

function textLines(text: string): Line[] {
  return text
    .split(/\r?\n/)
    .map((each, index) => ({ depth: 0, name: null, text: each || " ", path: `line ${index + 1}` }));
}

/** The field that a path such as `orderIds[1]` begins with. */
function fieldOf(path: string | null): string | null {
  return path?.replace(/[[.].*/s, "") ?? null;
}

/** @param missing the field to show as missing, if the value does not have it. */
function jsonLines(value: unknown, mark: string | null, missing: string | null): Line[] {
  const lines: Line[] = [];
  add(value, { depth: 0, name: null, path: "" }, "");
  return lines;

  function add(each: unknown, place: Omit<Line, "text"> & { path: string }, end: string): void {
    const flat = JSON.stringify(each) ?? "undefined";
    const holdsMark = mark?.startsWith(`${place.path}[`) === true;
    const isOnOneLine =
      typeof each !== "object" ||
      each === null ||
      flat.length <= 2 ||
      (flat.length < shortText && place.depth > 0);
    const lacksField = place.path === "" && missing !== null && typeof each === "object" && each !== null;
    if (isOnOneLine && !holdsMark && !lacksField) return void lines.push({ ...place, text: flat + end });
    const [open, close] = Array.isArray(each) ? "[]" : "{}";
    lines.push({ ...place, text: open ?? "" });
    if (Array.isArray(each)) addItems(each, place);
    else addFields(Object.entries(each as object), place);
    if (place.path === "" && missing !== null && !Object.hasOwn(each as object, missing)) {
      lines.push({ depth: 1, name: missing, path: missing, text: "missing" });
    }
    lines.push({ depth: place.depth, name: null, path: null, text: `${close}${end}` });
  }

  function addFields(fields: [string, unknown][], { depth, path }: { depth: number; path: string }): void {
    for (const [index, [name, each]] of fields.entries()) {
      const place = { depth: depth + 1, name, path: path ? `${path}.${name}` : name };
      add(each, place, index < fields.length - 1 ? "," : "");
    }
  }

  function addItems(items: unknown[], { depth, path }: { depth: number; path: string }): void {
    const marked = Number(mark?.startsWith(`${path}[`) ? mark.slice(path.length + 1, -1) : 0);
    const from = Math.max(0, Math.min(marked - maxItems / 2, items.length - maxItems));
    const until = Math.min(items.length, from + maxItems);
    const skip = (count: number) =>
      count > 0 &&
      lines.push({ depth: depth + 1, name: null, path: null, text: `\u2026 ${number(count)} more` });
    skip(from);
    for (let index = from; index < until; index += 1) {
      const place = { depth: depth + 1, name: null, path: `${path}[${index}]` };
      add(items[index], place, index < items.length - 1 ? "," : "");
    }
    skip(items.length - until);
  }
}

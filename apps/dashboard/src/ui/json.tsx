import { useLayoutEffect, useRef } from "preact/hooks";
import { number } from "./format.ts";

/** JSON and other texts as lines. Everything becomes text nodes, whatever a request contained. */

export interface Line {
  /** Shown before the text, and less visibly. */
  readonly dim?: string;
  readonly text?: string;
  /** Marks the line, and stands beside it; an empty one only marks it. */
  readonly note?: string;
}

/** The line to mark: its path, such as `orderIds[1]`, or in a text its number, such as `line 2`. */
export interface Mark {
  readonly path: string;
  readonly note: string;
}

/** Lists are cut after this many items, except around the first marked one. */
const maxItems = 60;
const shortText = 40;

/** Scrolls to the first line that is marked. */
export function Lines({ lines }: { lines: readonly Line[] }) {
  const scroller = useRef<HTMLPreElement>(null);
  const first = lines.findIndex(({ note }) => note !== undefined);
  useLayoutEffect(() => {
    const marked = scroller.current?.children[first] as HTMLElement | undefined;
    if (scroller.current) scroller.current.scrollTop = Math.max(0, (marked?.offsetTop ?? 0) - 160);
  }, [first]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so that it must be reachable by keyboard.
    <pre class="code" tabIndex={0} ref={scroller}>
      {lines.map(({ dim, text, note }, index) => (
        <span key={index} class={note === undefined ? "l" : "l hot"}>
          {dim !== undefined && <span class="k">{dim}</span>}
          {text}
          {note && <span class="note"> ← {note}</span>}
        </span>
      ))}
    </pre>
  );
}

/** The lines of a value, or of a text that is not JSON. */
export function linesOf(value: unknown, marks: readonly Mark[]): Line[] {
  if (typeof value !== "string") return jsonLines(value, marks);
  return value
    .split(/\r?\n/)
    .map((each, index) => ({ text: each || " ", ...noteAt(`line ${index + 1}`, marks) }));
}

function noteAt(path: string | null, marks: readonly Mark[]): Pick<Line, "note"> {
  const mark = marks.find((each) => each.path === path);
  return mark ? { note: mark.note } : {};
}

interface Place {
  readonly depth: number;
  readonly name: string | null;
  readonly path: string | null;
}

/** Marked fields that are missing are shown as such. */
function jsonLines(value: unknown, marks: readonly Mark[]): Line[] {
  const lines: Line[] = [];
  const places = marks.map(({ path, note }) => ({ path: path === "" ? "" : `.${path}`, note }));
  add(value, { depth: 0, name: null, path: "" }, "");
  return lines;

  /** The places inside of another: `[1]`, `.code`. */
  function placesIn(path: string): Mark[] {
    return places
      .filter((each) => each.path.startsWith(path) && /^[[.]/.test(each.path.slice(path.length)))
      .map((each) => ({ ...each, path: each.path.slice(path.length) }));
  }

  function push({ depth, name, path }: Place, text: string): void {
    const dim = " ".repeat(depth * 2) + (name === null ? "" : `${JSON.stringify(name)}: `);
    lines.push({ dim, text, ...noteAt(path, places) });
  }

  function add(each: unknown, place: Place & { path: string }, end: string): void {
    const flat = JSON.stringify(each) ?? "undefined";
    const isShort = flat.length <= 2 || (flat.length < shortText && place.depth > 0);
    if (typeof each !== "object" || each === null || (isShort && placesIn(place.path).length === 0)) {
      push(place, flat + end);
      return;
    }
    const [open, close] = Array.isArray(each) ? "[]" : "{}";
    push(place, open ?? "");
    if (Array.isArray(each)) addItems(each, place);
    else addFields(each, place);
    push({ depth: place.depth, name: null, path: null }, `${close}${end}`);
  }

  function addFields(each: object, { depth, path }: { depth: number; path: string }): void {
    const fields = Object.entries(each);
    const placeOf = (name: string) => ({ depth: depth + 1, name, path: `${path}.${name}` });
    for (const [index, [name, field]] of fields.entries()) {
      add(field, placeOf(name), index < fields.length - 1 ? "," : "");
    }
    const marked = placesIn(path).filter((mark) => mark.note && !Object.hasOwn(each, mark.path.slice(1)));
    for (const name of new Set(marked.map((mark) => mark.path.slice(1).replace(/[[.].*/s, "")))) {
      if (!Object.hasOwn(each, name)) push(placeOf(name), "missing");
    }
  }

  function addItems(items: unknown[], { depth, path }: { depth: number; path: string }): void {
    const marked = Number.parseInt(placesIn(path)[0]?.path.slice(1) ?? "0", 10);
    const from = Math.max(0, Math.min(marked - maxItems / 2, items.length - maxItems));
    const until = Math.min(items.length, from + maxItems);
    const skip = (count: number) =>
      count > 0 && push({ depth: depth + 1, name: null, path: null }, `\u2026 ${number(count)} more`);
    skip(from);
    for (let index = from; index < until; index += 1) {
      const place = { depth: depth + 1, name: null, path: `${path}[${index}]` };
      add(items[index], place, index < items.length - 1 ? "," : "");
    }
    skip(items.length - until);
  }
}

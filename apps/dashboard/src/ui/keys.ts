import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

export const searchId = "search";

type Handlers = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Calls a handler for each key that is meant for the page, and not for a field or a dialog. */
export function useKeys(handlers: Handlers): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isForPage(event)) latest.current[event.key]?.(event);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function isForPage(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  if (document.querySelector("dialog[open]")) return false;
  const target = event.target as HTMLElement;
  // Arrows move through the list from the search field, too, and Enter leads there.
  const isForList = target.id === searchId && /^(Arrow|Enter)/.test(event.key);
  return isForList || !target.matches("input, select, textarea");
}

// Escape leaves a field, and is then not taken for anything else.
addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if (event.key !== "Escape" || !target.matches("input, select, textarea")) return;
  event.preventDefault();
  target.blur();
});

const steps: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [Number.NEGATIVE_INFINITY, 0],
  End: [Number.POSITIVE_INFINITY, 0],
};

/**
 * Makes the buttons and links of some rows one stop for the Tab key: arrow keys move between them.
 *
 * @param rows selects the rows in the container (default: the container is one row).
 */
export function useArrowKeys(container: RefObject<HTMLElement | null>, rows?: string): void {
  const current = useRef<HTMLElement | null>(null);
  const grid = () => {
    const node = container.current;
    if (!node) return [];
    const found = rows === undefined ? [node] : [...node.querySelectorAll<HTMLElement>(rows)];
    return found.map((row) => [...row.querySelectorAll<HTMLElement>("a[href], button:not(:disabled)")]);
  };
  const makeStop = (stop: HTMLElement | undefined) => {
    for (const control of grid().flat()) control.tabIndex = control === stop ? 0 : -1;
    current.current = stop ?? null;
  };
  // Rows come and go as they are drawn.
  useLayoutEffect(() => {
    const all = grid().flat();
    const last = current.current;
    const pressed = all.find((each) => each.ariaPressed === "true");
    makeStop(last && all.includes(last) ? last : (pressed ?? all[0]));
  });
  useEffect(() => {
    const node = container.current;
    const onFocus = ({ target }: FocusEvent) => {
      if (
        grid()
          .flat()
          .includes(target as HTMLElement)
      )
        makeStop(target as HTMLElement);
    };
    const onKey = (event: KeyboardEvent) => {
      const [down, right] = steps[event.key] ?? [0, 0];
      const all = grid();
      const row = all.findIndex((each) => each.includes(event.target as HTMLElement));
      if (row === -1 || (down === 0 && right === 0)) return;
      const column = all[row]?.indexOf(event.target as HTMLElement) ?? 0;
      const next = all.at(within(row + down, all.length));
      const target = next?.at(within(column + right, next.length));
      if (!target || target === event.target) return;
      event.preventDefault();
      target.focus();
    };
    node?.addEventListener("focusin", onFocus);
    node?.addEventListener("keydown", onKey);
    return () => {
      node?.removeEventListener("focusin", onFocus);
      node?.removeEventListener("keydown", onKey);
    };
  }, [container, rows]);
}

function within(index: number, length: number): number {
  return Math.min(length - 1, Math.max(0, index));
}

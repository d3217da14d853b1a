import { useEffect, useRef } from "preact/hooks";
import { searchId } from "./controls.tsx";

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
  // Arrows move through the list from the search field, too.
  return (
    !target.matches("input, select, textarea") || (target.id === searchId && event.key.startsWith("Arrow"))
  );
}

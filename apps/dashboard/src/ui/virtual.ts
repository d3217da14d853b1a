import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

interface Rows {
  readonly count: number;
  readonly scroller: RefObject<HTMLElement | null>;
  /** The height of a row in pixels. */
  readonly sizeOf: (index: number) => number;
  readonly keyOf: (index: number) => string;
}

interface VirtualRows {
  /** The rows to draw, each with its place. */
  readonly items: readonly VirtualItem[];
  /** The height of all rows together, in pixels. */
  readonly height: number;
  scrollTo(index: number): void;
  /** Call if rows have changed their heights. */
  measure(): void;
}

/** Draws only the rows that can be seen, and a few around them. */
export function useVirtualRows({ count, scroller, sizeOf, keyOf }: Rows): VirtualRows {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: sizeOf,
    getItemKey: keyOf,
    overscan: 6,
    // Before the first layout: enough for a usual window.
    initialRect: { width: 800, height: 800 },
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return {
    items: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
    measure: () => virtualizer.measure(),
  };
}

import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

/** Long lists and tables, of which only the rows that can be seen, and a few around them, are in the document. */

interface Rows {
  readonly count: number;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly sizeOf: (index: number) => number;
  readonly keyOf: (index: number) => string;
  /** How far below the top of the scroller the first row is, in pixels (default: 0). */
  readonly scrollMargin?: number;
  readonly overscan?: number;
}

export function useVirtualRows({ scroller, sizeOf, keyOf, scrollMargin = 0, overscan = 6, count }: Rows) {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: sizeOf,
    getItemKey: keyOf,
    overscan,
    scrollMargin,
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
    /** The rows to draw, each with its place. */
    items: virtualizer.getVirtualItems(),
    /** The height of all rows together, in pixels. */
    height: virtualizer.getTotalSize(),
    scrollTo: (index: number) => virtualizer.scrollToIndex(index, { align: "auto" }),
    /** Call if rows have changed their heights. */
    measure: () => virtualizer.measure(),
    /** As the `ref` of a row with its `data-index`: finds out how high it is. */
    measureRow: virtualizer.measureElement,
  };
}

interface LongRowsProps<Item> {
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** How high most rows are, in pixels. */
  readonly rowHeight: number;
  readonly children: (item: Item) => ComponentChildren;
}

/** Tables with fewer rows than this are drawn as a whole. */
const long = 60;

/** The rows of a table, a body for each item, between two empty ones that are as high as the rows that are left out. */
export function LongRows<Item>({ items, keyOf, rowHeight, children }: LongRowsProps<Item>) {
  const top = useRef<HTMLTableSectionElement>(null);
  const scroller = useRef<HTMLElement | null>(null);
  const [scrollMargin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const outer = top.current?.closest<HTMLElement>(".events, main");
    if (!outer || !top.current) return;
    scroller.current = outer;
    const placeOf = (node: HTMLElement) => node.getBoundingClientRect().top;
    setMargin(Math.round(placeOf(top.current) - placeOf(outer) + outer.scrollTop));
  });
  const rows = useVirtualRows({
    count: items.length,
    scroller,
    scrollMargin,
    overscan: items.length < long ? long : 10,
    sizeOf: () => rowHeight,
    keyOf: (index) => keyOf(items[index] as Item),
  });
  const above = (rows.items[0]?.start ?? scrollMargin) - scrollMargin;
  const below = rows.height - ((rows.items.at(-1)?.end ?? scrollMargin) - scrollMargin);
  return (
    <>
      <tbody ref={top}>{above > 0 && <tr style={{ height: `${above}px` }} />}</tbody>
      {rows.items.map(({ index, key }) => (
        <tbody key={key} data-index={index} ref={rows.measureRow}>
          {children(items[index] as Item)}
        </tbody>
      ))}
      <tbody>{below > 0 && <tr style={{ height: `${below}px` }} />}</tbody>
    </>
  );
}

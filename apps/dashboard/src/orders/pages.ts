import { useReducer, useRef } from "preact/hooks";
import { ApiProblem } from "../api.ts";

/** The orders or addresses of an account, loaded in pages as they scroll into view. */

const pageSize = 100;

/** The sums of all items that match, on all pages. */
export interface Totals {
  readonly total: number;
  readonly addresses: number;
  readonly on: number;
  readonly renewalPrice: number;
}

interface Page<Item> {
  readonly totals: Totals;
  readonly items: readonly Item[];
}

interface Known<Item> {
  /** Names list, account and filters. */
  readonly key: string;
  totals: Totals | null;
  problem: string | null;
  readonly pages: Map<number, readonly Item[]>;
  /** The revision at which each page was loaded. */
  readonly loadedAt: Map<number, number>;
  readonly loading: Set<number>;
}

export interface Pages<Item> {
  /** `null` until the first page is there. */
  readonly totals: Totals | null;
  readonly problem: string | null;
  at(index: number): Item | undefined;
  /** Loads what is missing or out of date between two rows. */
  need(first: number, last: number): void;
}

/** A view that is left and comes back has its rows at once, also while the mock is away. */
let last: Known<unknown> | null = null;

/** Rows of earlier filters stay until the first page of the new ones is there. */
export function usePages<Item>(
  key: string,
  revision: number,
  loadPage: (range: { readonly offset: number; readonly limit: number }) => Promise<Page<Item>>,
): Pages<Item> {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const shown = useRef(last?.key === key ? (last as Known<Item>) : null);
  const wanted = useRef(shown.current);
  if (wanted.current?.key !== key) {
    const nothing = {
      totals: null,
      problem: null,
      pages: new Map(),
      loadedAt: new Map(),
      loading: new Set<number>(),
    };
    wanted.current = { key, ...nothing };
  }
  const known = wanted.current;

  async function load(page: number): Promise<void> {
    known.loading.add(page);
    try {
      const { totals, items } = await loadPage({ offset: page * pageSize, limit: pageSize });
      known.totals = totals;
      known.pages.set(page, items);
      known.problem = null;
      if (wanted.current !== known) return;
      shown.current = known;
      last = known;
    } catch (error) {
      known.problem = error instanceof ApiProblem ? error.message : String(error);
    } finally {
      known.loadedAt.set(page, revision);
      known.loading.delete(page);
      redraw(undefined);
    }
  }

  return {
    totals: shown.current?.totals ?? null,
    problem: known.problem,
    at: (index) => shown.current?.pages.get(Math.floor(index / pageSize))?.[index % pageSize],
    need(first, last) {
      const isShown = known === shown.current;
      const until = isShown ? Math.floor(Math.max(first, last) / pageSize) : 0;
      for (let page = isShown ? Math.floor(first / pageSize) : 0; page <= until; page += 1) {
        if (known.loadedAt.get(page) !== revision && !known.loading.has(page)) load(page);
      }
    },
  };
}

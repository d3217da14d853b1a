import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { ApiProblem, api, type Order, type OrderDetail, type OrderPage, type OrderQuery } from "../api.ts";

/** The orders of an account, loaded in pages as they scroll into view. */

const pageSize = 100;
const none: Totals = { total: 0, addresses: 0, on: 0, renewalPrice: 0 };

interface Pages {
  /** Names account and filters. */
  readonly key: string;
  totals: Totals;
  readonly orders: Map<number, readonly Order[]>;
  /** The revision at which each page was loaded. */
  readonly loadedAt: Map<number, number>;
  readonly loading: Set<number>;
}

/** The orders that match, on all pages. */
export type Totals = Omit<OrderPage, "orders">;

export interface OrderPages {
  /** `null` until the first page is there. */
  readonly totals: Totals | null;
  readonly problem: string | null;
  /** Whether the rows are those of the present filters. */
  readonly isCurrent: boolean;
  at(index: number): Order | undefined;
  firstPage(): readonly Order[];
  /** Loads what is missing or out of date between two rows. */
  need(first: number, last: number): void;
}

/** Rows of earlier filters stay until the first page of the new ones is there. */
export function useOrderPages(account: string, query: OrderQuery, revision: number): OrderPages {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const shown = useRef<Pages | null>(null);
  const next = useRef<Pages | null>(null);
  const problem = useRef<string | null>(null);
  const key = JSON.stringify([account, query]);

  function wanted(): Pages {
    if (shown.current?.key === key) return shown.current;
    if (next.current?.key !== key) {
      next.current = { key, totals: none, orders: new Map(), loadedAt: new Map(), loading: new Set() };
    }
    return next.current;
  }

  async function load(pages: Pages, page: number): Promise<void> {
    pages.loading.add(page);
    try {
      const answer = await api.orders(account, { ...query, offset: page * pageSize, limit: pageSize });
      const { orders, ...totals } = answer;
      pages.totals = totals;
      pages.orders.set(page, orders);
      pages.loadedAt.set(page, revision);
      problem.current = null;
      if (next.current === pages) shown.current = pages;
    } catch (error) {
      pages.loadedAt.set(page, revision);
      problem.current = error instanceof ApiProblem ? error.message : String(error);
    } finally {
      pages.loading.delete(page);
      redraw(undefined);
    }
  }

  return {
    totals: shown.current?.totals ?? null,
    problem: problem.current,
    isCurrent: shown.current?.key === key,
    at: (index) => shown.current?.orders.get(Math.floor(index / pageSize))?.[index % pageSize],
    firstPage: () => shown.current?.orders.get(0) ?? [],
    need(first, last) {
      const pages = wanted();
      const from = pages === shown.current ? Math.floor(first / pageSize) : 0;
      const until = pages === shown.current ? Math.floor(Math.max(first, last) / pageSize) : 0;
      for (let page = from; page <= until; page += 1) {
        if (pages.loadedAt.get(page) !== revision && !pages.loading.has(page)) load(pages, page);
      }
    },
  };
}

/** The addresses of open orders, loaded again with each revision. */
export function useOpenOrders(
  accountId: string,
  orderIds: ReadonlySet<string>,
  at: number,
): ReadonlyMap<string, OrderDetail> {
  const [details, setDetails] = useState<ReadonlyMap<string, OrderDetail>>(new Map());
  useEffect(() => {
    let isCurrent = true;
    const loads = [...orderIds].map((id) => api.order(accountId, id).catch(() => null));
    Promise.all(loads).then((loaded) => {
      if (!isCurrent) return;
      setDetails(new Map(loaded.flatMap((detail) => (detail ? [[detail.orderId, detail] as const] : []))));
    });
    return () => {
      isCurrent = false;
    };
  }, [accountId, orderIds, at]);
  return details;
}

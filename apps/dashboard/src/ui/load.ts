import { useEffect, useRef, useState } from "preact/hooks";
import { ApiProblem } from "../api.ts";
import { connection } from "../store.ts";

interface Loaded<Value> {
  /** The last answer, which stays while the next one loads. */
  readonly data: Value | null;
  readonly problem: string | null;
  /** Whether it is the answer for the present revision. */
  readonly isCurrent: boolean;
}

/**
 * Loads something each time its key or the revision changes, and once more if that failed and the mock is there again. The
 * answer of another key is not shown.
 *
 * @param key names what is loaded; `null` loads nothing.
 */
export function useLoaded<Value>(
  key: string | null,
  revision: number | string,
  load: () => Promise<Value>,
): Loaded<Value> {
  const [state, setState] = useState<
    Omit<Loaded<Value>, "isCurrent"> & { key: string | null; revision?: unknown }
  >({
    key: null,
    data: null,
    problem: null,
  });
  const latest = useRef(0);
  const isTriedAgain = state.problem !== null && connection.value.state === "live";
  // The key stands for everything that `load` reads.
  useEffect(() => {
    if (key === null) return;
    latest.current += 1;
    const mine = latest.current;
    load().then(
      (data) => mine === latest.current && setState({ key, revision, data, problem: null }),
      (error: unknown) => {
        if (mine !== latest.current) return;
        const problem = error instanceof ApiProblem ? error.message : String(error);
        setState((before) => ({ key, revision, data: before.key === key ? before.data : null, problem }));
      },
    );
  }, [key, revision, isTriedAgain]);
  if (state.key !== key) return { data: null, problem: null, isCurrent: false };
  return { ...state, isCurrent: state.revision === revision };
}

import { useEffect, useState } from "preact/hooks";
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
  const [state, setState] = useState({
    key: null as string | null,
    revision: null as number | string | null,
    data: null as Value | null,
    problem: null as string | null,
  });
  const isTriedAgain = state.problem !== null && connection.value.state === "live";
  // The key stands for everything that `load` reads.
  useEffect(() => {
    if (key === null) return;
    let isLatest = true;
    load().then(
      (data) => isLatest && setState({ key, revision, data, problem: null }),
      (error: unknown) => {
        const problem = error instanceof ApiProblem ? error.message : String(error);
        const next = (data: Value | null) => ({ key, revision, data, problem });
        if (isLatest) setState((before) => next(before.key === key ? before.data : null));
      },
    );
    return () => {
      isLatest = false;
    };
  }, [key, revision, isTriedAgain]);
  if (state.key !== key) return { data: null, problem: null, isCurrent: false };
  return { ...state, isCurrent: state.revision === revision };
}

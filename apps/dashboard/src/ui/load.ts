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
 * @param key names what is loaded, among all that any view loads; `null` loads nothing.
 * @param revision 0 if it never changes.
 */
export function useLoaded<Value>(
  key: string | null,
  revision: number | string,
  load: () => Promise<Value>,
): Loaded<Value> {
  const [state, setState] = useState({
    key: "",
    revision: "" as number | string,
    problem: null as string | null,
  });
  const isTriedAgain = state.problem !== null && connection.value.state === "live";
  // The key stands for everything that `load` reads.
  useEffect(() => {
    if (key === null || (revision === 0 && answers.has(key))) return;
    let isLatest = true;
    const end = (problem: string | null) => isLatest && setState({ key, revision, problem });
    load().then(
      (data) => {
        if (!isLatest) return;
        answers.delete(key);
        answers.set(key, data);
        if (answers.size > maxAnswers) answers.delete(answers.keys().next().value ?? "");
        end(null);
      },
      (error: unknown) => end(error instanceof ApiProblem ? error.message : String(error)),
    );
    return () => {
      isLatest = false;
    };
  }, [key, revision, isTriedAgain]);
  const data = (key === null ? null : (answers.get(key) ?? null)) as Value | null;
  const isOfKey = state.key === key;
  return {
    data,
    problem: isOfKey ? state.problem : null,
    isCurrent: revision === 0 ? data !== null : isOfKey && state.revision === revision,
  };
}

/** The last answers by key: a view that is left and comes back has them at once, also while the mock is away. */
const answers = new Map<string, unknown>();
const maxAnswers = 500;

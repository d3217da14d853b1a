import { api } from "../api.ts";
import { attempt, loadState, showToast } from "../store.ts";
import { confirm } from "../ui/dialog.tsx";

const consequence =
  "Accounts, balances and clock go back to the world that the mock was started with, also if another one was loaded or generated since. The request log and all queued faults are removed. There is no undo.";

/** Resets the mock, if that is meant: there is no way back. @returns whether it was. */
export async function askToReset(): Promise<boolean> {
  if (!(await confirm("Reset the mock?", consequence, "Reset"))) return false;
  return attempt(async () => {
    await api.reset();
    await loadState();
    showToast("The mock was reset.");
  });
}

import { api } from "../api.ts";
import { operationIds } from "../generated/texts.ts";
import { attempt, isForwarding } from "../store.ts";
import { Button, optionsOf, Search, Segments, Select } from "../ui/controls.tsx";
import { confirm } from "../ui/dialog.tsx";
import { isPaused, type LoggedRequest, togglePause } from "./log.ts";
import type { Kind } from "./reading.ts";
import {
  closeDetail,
  type Filters,
  filters,
  forget,
  outcomeCounts,
  requests,
  setFilters,
} from "./selection.ts";

/** The bar above the list: filters, pause and clear. */

export function FilterBar() {
  const { text, outcome } = filters.value;
  const counts = outcomeCounts.value;
  const { accounts, faults } = namesIn(requests.value);
  const select = (
    name: "operation" | "account" | "fault",
    label: string,
    any: string,
    names: readonly string[],
  ) => (
    <Select
      label={label}
      value={filters.value[name]}
      options={optionsOf(any, names).map(([id, text]) => [id, text.replace(/^account-/, "")])}
      onChange={(value) => setFilters({ [name]: value })}
    />
  );
  const outcomes = outcomesOf(isForwarding.value);
  return (
    <>
      <div class="bar">
        <Search
          label="Search requests"
          hint={'Words, or "a phrase"'}
          value={text}
          onInput={(value) => setFilters({ text: value })}
        />
        <Segments
          label="Outcome"
          value={outcome}
          options={[["", "All"] as const, ...outcomes].map(([kind, name]) => [
            kind,
            name,
            counts.get(kind) ?? 0,
          ])}
          onChange={(value) => setFilters({ outcome: value })}
        />
        {select("operation", "Operation", "All operations", [
          ...operationIds,
          "Undo",
          "Unknown path",
          "Wrong method",
        ])}
        {(accounts.length > 1 || filters.value.account !== "") &&
          select("account", "Account", "All accounts", accounts)}
        {(faults.length > 0 || filters.value.fault !== "") &&
          select("fault", "Fault", "Any fault", faults)}
        <span class="grow" />
        <Button pressed={isPaused.value} onClick={togglePause}>
          {isPaused.value ? "Resume" : "Pause"}
        </Button>
        <Button changes onClick={clear}>
          Clear…
        </Button>
      </div>
      {outcome !== "" && <p class="bar dim">{outcomes.find(([kind]) => kind === outcome)?.[2]}</p>}
    </>
  );
}

/** The outcomes that a request can have, each with its name and what it means. */
function outcomesOf(forwards: boolean): (readonly [kind: Kind, name: string, meaning: string])[] {
  return [
    ["done", "Done", "Carried out: the answer says success true."],
    ["refused", "Refused", "A rule was not satisfied: the answer says success false and an error code."],
    forwards
      ? ["problem", "Drift", "The answer of the other server differs from the contract."]
      : ["problem", "Problem", "Did not reach the rules: its path, method, type or body is wrong."],
    ["faulted", "Fault", "Met an injected fault."],
    ...(forwards
      ? [["forwarded", "Forwarded", "Answered by the other server, within the contract."] as const]
      : []),
  ];
}

async function clear(): Promise<void> {
  const body =
    "All requests are removed from the mock’s log, for everyone who looks at it. There is no undo.";
  if (!(await confirm("Clear the request log?", body, "Clear the log"))) return;
  await attempt(api.clearRequests);
  forget();
  closeDetail();
}

function namesIn(all: readonly LoggedRequest[]) {
  const accounts = new Set<string>();
  const faults = new Set<string>();
  for (const { entry } of all) {
    if (entry.account !== null) accounts.add(entry.account);
    for (const { name } of entry.fault?.triggers ?? []) faults.add(name);
  }
  return { accounts: [...accounts].sort(), faults: [...faults].sort() };
}

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { baseUrl } from "../api.ts";
import { samplesOf, sendSample, useSample } from "../sample.ts";
import { acceptsNewKeys, attempt, isForwarding, isNarrow, route } from "../store.ts";
import { Button, CopyLine, Waiting } from "../ui/controls.tsx";
import { number, plural } from "../ui/format.ts";
import { Detail } from "./detail.tsx";
import { FilterBar } from "./filters.tsx";
import { focusShown, List } from "./list.tsx";
import { type Gap, held, isAllLoaded, isLoaded, log } from "./log.ts";
import {
  choose,
  chosenKey,
  closeDetail,
  isOpen,
  listedRequests,
  named,
  requests,
  shown,
} from "./selection.ts";

/** The requests that came, and one of them in detail. */

export function RequestsView() {
  const note = useRequestOfUrl();
  useFocusOfStep();
  if (!isLoaded.value) return <Waiting for="the requests" problem={null} />;
  if (log.value.length === 0 && held.value.length === 0) return <NoRequests note={note} />;
  return (
    <div class={isOpen.value ? "requests open" : "requests"}>
      <FilterBar />
      {note && chosenKey.value === null && (
        <p class="banner note" role="status">
          {note} This is the newest request.
        </p>
      )}
      <div class="split">
        <List />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so that it must be reachable by keyboard. */}
        <section class="detail" aria-label="Request detail" tabIndex={0}>
          {shown.value && <Detail key={shown.value.key} request={shown.value} onBack={closeDetail} />}
        </section>
      </div>
    </div>
  );
}

/**
 * Opens the request that the URL names, as soon as the log has it.
 *
 * @returns why it is not shown, if the log does not have it.
 */
function useRequestOfUrl(): string {
  const { request, stamp } = route.value;
  const found = named.value;
  useEffect(() => {
    if (found) choose(found, true);
  }, [request, stamp, found?.key]);
  if (request === null || found || !isAllLoaded.value) return "";
  const isAnother = requests.value.some(({ entry, isCopy }) => !isCopy && entry.id === request);
  return isAnother
    ? `The link is to a ${request} from before a restart of the mock, which the log no longer has.`
    : `The mock’s log does not have ${request}, or no longer has it.`;
}

/** In a narrow window, list and detail are two steps: the focus follows. */
function useFocusOfStep(): void {
  const wasOpen = useRef(isOpen.value);
  useLayoutEffect(() => {
    if (wasOpen.current === isOpen.value) return;
    wasOpen.current = isOpen.value;
    if (!isNarrow.value) return;
    if (isOpen.value) document.querySelector<HTMLElement>(".back")?.focus();
    else focusShown();
  });
}

function NoRequests({ note }: { note: string }) {
  return (
    <div class="empty">
      {note && <p role="status">{note}</p>}
      <div>
        <h2>No requests yet</h2>
        <p class="dim">
          {isForwarding.value
            ? "The mock forwards requests to another server. Point your code at this base URL:"
            : "The mock is running. Requests appear here as they come, each with the reason for its answer."}
        </p>
      </div>
      {isForwarding.value ? <CopyLine text={baseUrl} label="base URL" /> : <FirstSteps />}
    </div>
  );
}

function FirstSteps() {
  const sample = useSample();
  return (
    <>
      <ul class="steps">
        <li>
          <p>
            Point your code at this base URL.{" "}
            {acceptsNewKeys.value ? "Any API key works." : "Only API keys of existing accounts work."}
          </p>
          <CopyLine text={baseUrl} label="base URL" />
        </li>
        <li>
          <p>Or send one from a shell{sample.warning && `. ${sample.warning}`}:</p>
          <CopyLine text={samplesOf(sample).curl} />
        </li>
        {acceptsNewKeys.value && (
          <li>
            <p>Or send it from here, and see what a request looks like.</p>
            <Button changes kind="primary" onClick={() => attempt(() => sendSample(sample))}>
              Send a request
            </Button>
          </li>
        )}
      </ul>
      <p class="dim">
        Lines for the CLI, the client, PHP, Python and Go are in <a href="#connect">World and connect</a>.
      </p>
    </>
  );
}

/** For the line at the bottom of the page. */
export function requestsSummary(): string {
  const all = requests.value.length;
  if (all === 0) return "No requests yet";
  const listedCount = listedRequests.value.length;
  const older = log.value.find(({ key }) => key.startsWith("older-")) as Gap | undefined;
  const count = `${listedCount === all ? "" : `${number(listedCount)} of `}${plural(all, "request")}`;
  return older ? `${count}; ${older.text}` : count;
}

import { signal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { api, baseUrl, type FaultSpec, hasToken, type Preset, type QueuedFault } from "../api.ts";
import { operationIds } from "../generated/texts.ts";
import { fitsHeader, optionsText, preferHeader, quotedIf, shellWord } from "../requests/reading.ts";
import { noFilters, setFilters } from "../requests/selection.ts";
import { attempt, faults, loadFaults, showToast } from "../store.ts";
import { Button, CopyLine, Field, Form, Prose, Waiting } from "../ui/controls.tsx";
import { number, plural } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { useArrowKeys } from "../ui/keys.ts";
import { useLoaded } from "../ui/load.ts";

/** Faults: what is queued, and what can be queued. */

const chosen = signal("slow");

/** The control API has no groups: these are the page's own. */
const groups: readonly (readonly [name: string, test: RegExp])[] = [
  ["Refusals", /^(error|insufficient|wrong-key|order-refused|unknown-error|unlisted)/],
  ["Late answers", /^(slow|latency|drip|hang)$/],
  ["Lost and cut connections", /^(lost|reset|closed|truncated)/],
  ["Gateways and HTTP", /^(server-error|gateway|unavailable|refused-503|redirect|html)/],
  ["Limits", /^(rate|limit)/],
  ["Answers that break the contract", /./],
];

export function FaultsView() {
  const { data, problem } = useLoaded("presets", 0, api.presets);
  const presets = data?.presets ?? [];
  const preset = presets.find(({ name }) => name === chosen.value) ?? presets[0];
  if (!preset) return <Waiting for="the faults" problem={problem} />;
  return (
    <div class="page">
      <div class="two faults">
        <Presets presets={presets} chosen={preset.name} />
        <div class="cards stick">
          <Queued />
          <PresetForm key={preset.name} preset={preset} />
        </div>
      </div>
    </div>
  );
}

function Presets({ presets, chosen: current }: { presets: readonly Preset[]; chosen: string }) {
  const groupOf = ({ name }: Preset) => groups.find(([, test]) => test.test(name))?.[0];
  const list = useRef<HTMLElement>(null);
  useArrowKeys(list, ".preset");
  return (
    <section class="card presets" ref={list}>
      <h2>Presets ({presets.length})</h2>
      {groups.map(([name]) => (
        <div key={name}>
          <h3>{name}</h3>
          {presets
            .filter((preset) => groupOf(preset) === name)
            .map((preset) => (
              <div key={preset.name} class={preset.name === current ? "preset chosen" : "preset"}>
                <button
                  type="button"
                  aria-pressed={preset.name === current}
                  onClick={() => choose(preset.name)}
                >
                  <span class="mono">{preset.name}</span>
                  <span class="dim">
                    <Prose text={preset.description} />
                  </span>
                </button>
                <Button
                  changes
                  kind="quiet"
                  title={usualTimes(preset) === null ? "Until you remove it" : "For the next request"}
                  label={`${usualTimes(preset) === null ? "Queue" : "Queue once"}: ${preset.name}`}
                  onClick={() => {
                    chosen.value = preset.name;
                    add({ preset: preset.name, times: usualTimes(preset) });
                  }}
                >
                  Queue
                </Button>
              </div>
            ))}
        </div>
      ))}
    </section>
  );
}

function usualTimes({ name }: Preset): number | null {
  return isLimit(name) ? null : 1;
}

/** A limit has to see several requests before it refuses one. */
function isLimit(preset: string): boolean {
  return preset.startsWith("limit");
}

function choose(name: string): void {
  chosen.value = name;
  if (innerWidth < 1080) {
    requestAnimationFrame(() => document.getElementById("fault-form")?.scrollIntoView());
  }
}

async function add(spec: FaultSpec): Promise<void> {
  const isQueued = await attempt(async () => {
    await api.addFault(spec);
    await loadFaults();
  });
  if (!isQueued) return;
  showToast(`Queued ${spec.preset} for ${queuedFor(spec)}.`);
}

function queuedFor({ times, match }: FaultSpec): string {
  const matching = match ? "matching " : "";
  return times === undefined || times === null
    ? `every ${matching}request`
    : plural(times, `${matching}request`);
}

function Queued() {
  const list = faults.value;
  const remove = async (change: () => Promise<unknown>) => {
    await attempt(() => change().then(loadFaults));
    // The button that had the focus is gone.
    document.querySelector<HTMLElement>(".queued button")?.focus();
  };
  return (
    <section class="card queued">
      <h2>
        Queued <span class="dim">all that match a request apply together</span>
        <span class="grow" />
        {list.length > 0 && (
          <Button changes kind="quiet" onClick={() => remove(api.removeFaults)}>
            Remove all
          </Button>
        )}
      </h2>
      {list.length === 0 ? (
        <p class="in dim">No faults queued. Choose a preset and queue it.</p>
      ) : (
        <ul class="queue">
          {list.map((fault) => (
            <li key={fault.id}>
              <span class="fault">
                <Icon name="faulted" />
              </span>
              <span class="mono">{fault.preset ?? "own fault"}</span>
              <span class="dim grow">{matchText(fault)}</span>
              <Button
                changes
                kind="quiet"
                label={`Remove ${fault.id}, ${fault.preset ?? "own fault"}`}
                onClick={() => remove(() => api.removeFault(fault.id))}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      {/* A fault leaves the queue when it strikes: this is where it went. */}
      <p class="in">
        <button class="link" type="button" onClick={showFaulted}>
          Requests that met a fault
        </button>
      </p>
    </section>
  );
}

function showFaulted(): void {
  setFilters({ ...noFilters, outcome: "faulted" });
  location.hash = "requests";
}

function matchText({ options, match, left, share, injected }: QueuedFault): string {
  return [
    ...(Object.keys(options).length > 0 ? [optionsText(options)] : []),
    Object.entries(match)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ") || "any request",
    left === null ? "every one" : `${number(left)} left`,
    ...(share < 1 ? [`${Math.round(share * 100)}% of them`] : []),
    `injected ${injected === 1 ? "once" : `${injected} times`}`,
  ].join(" · ");
}

type Option = Preset["options"][number];

function PresetForm({ preset }: { preset: Preset }) {
  const times = usualTimes(preset);
  const [spec, setSpec] = useState<FaultSpec>({ preset: preset.name, ...(times === null ? {} : { times }) });
  return (
    <>
      <section class="card" id="fault-form">
        <h2>
          <span class="mono">{preset.name}</span>{" "}
          <span class="dim">
            <Prose text={preset.description} />
          </span>
        </h2>
        <Form
          class="in form"
          onInput={(fields) => setSpec(specOf(preset, fields))}
          onSubmit={(fields) => add(specOf(preset, fields))}
        >
          {preset.options.map((option) => (
            <OptionField key={option.name} option={option} />
          ))}
          <Field id="match-operation" label="Only for">
            <Choices name="match-operation" any="any operation" names={preset.operations ?? operationIds} />
          </Field>
          <Field id="match-proxyType" label="Type">
            <Choices name="match-proxyType" any="any proxy type" names={["IPv4", "IPv6", "MOBILE", "ISP"]} />
          </Field>
          <Field id="match-orderId" label="Order">
            <input id="match-orderId" name="match-orderId" type="text" class="mono" placeholder="any order" />
          </Field>
          <Field id="times" label="How often" hint="requests; empty: every one, until you remove it">
            <input id="times" name="times" type="number" min={1} defaultValue={String(times ?? "")} />
          </Field>
          <Field>
            <Button changes kind="primary" type="submit">
              Queue {preset.name}
            </Button>
          </Field>
        </Form>
      </section>
      <Elsewhere preset={preset.name} spec={spec} />
    </>
  );
}

interface ChoicesProps {
  readonly name: string;
  /** The first of them, which chooses none. */
  readonly any?: string;
  readonly names: readonly string[];
  readonly chosen?: string;
}

function Choices({ name, any, names, chosen: first }: ChoicesProps) {
  return (
    <select id={name} name={name}>
      {any !== undefined && <option value="">{any}</option>}
      {names.map((each) => (
        <option key={each} selected={each === first}>
          {each}
        </option>
      ))}
    </select>
  );
}

function OptionField({
  option: { name, description, default: fallback, choices, range },
}: {
  option: Option;
}) {
  const id = `option-${name}`;
  return (
    <Field id={id} label={name} hint={<Prose text={description} />}>
      {choices ? (
        <Choices name={id} names={choices.map(String)} chosen={String(fallback)} />
      ) : typeof fallback === "boolean" ? (
        <input id={id} name={id} type="checkbox" defaultChecked={fallback} />
      ) : typeof fallback === "number" ? (
        <input
          id={id}
          name={id}
          type="number"
          min={range?.[0]}
          max={range?.[1]}
          defaultValue={`${fallback}`}
        />
      ) : (
        <input id={id} name={id} type="text" defaultValue={fallback} />
      )}
    </Field>
  );
}

/** The fault that the form describes: options that have their usual values, and empty numbers, are left out. */
function specOf({ name, options }: Preset, form: FormData): FaultSpec {
  const text = (field: string) => String(form.get(field) ?? "");
  const chosenOf = ({ name, default: fallback, choices }: Option) => {
    const given = text(`option-${name}`);
    if (choices) return choices.find((choice) => String(choice) === given) ?? fallback;
    if (typeof fallback === "boolean") return form.has(`option-${name}`);
    if (typeof fallback !== "number") return given;
    return given === "" ? fallback : Number(given);
  };
  const chosenOptions = options
    .map((option) => [option.name, chosenOf(option), option.default] as const)
    .filter(([, value, fallback]) => value !== fallback);
  const match = ["operation", "proxyType", "orderId"]
    .map((field) => [field, text(`match-${field}`)] as const)
    .filter(([, value]) => value !== "");
  return {
    preset: name,
    ...(chosenOptions.length > 0 ? { options: Object.fromEntries(chosenOptions) } : {}),
    ...(match.length > 0 ? { match: Object.fromEntries(match) } : {}),
    ...(text("times") === "" ? {} : { times: Number(text("times")) }),
  } as FaultSpec;
}

/** The same fault by other means. */
function Elsewhere({ preset, spec }: { preset: string; spec: FaultSpec }) {
  const options = Object.entries(spec.options ?? {});
  const header = `prefer: ${preferHeader(preset, spec.options ?? {})}`;
  const isLatin = !/[^\0-\xff]/.test(header);
  const orderId = `fault-${preset}${options.length > 0 ? ":" : ""}${options.map(([name, value]) => `${name}=${quotedIf(/[,"]/, value)}`).join(",")}`;
  const json = JSON.stringify(spec);
  const token = hasToken() ? ' -H "authorization: Bearer $CONTROL_TOKEN"' : "";
  const takesOne = !isLimit(preset);
  const lines = [
    ...(takesOne && fitsHeader(header)
      ? [
          [
            `One request, by header${isLatin ? "" : ", with curl: fetch can\u2019t send these characters"}`,
            header,
          ] as const,
        ]
      : []),
    [
      "Queue it with curl",
      `curl -s ${shellWord(`${baseUrl}/__mock/faults`)} -H 'content-type: application/json'${token} -d ${shellWord(json)}`,
    ],
    ["In a test", `mock.faults.add(${json});`],
    ...(takesOne ? [["If you can't set a header: an order ID", orderId] as const] : []),
  ] as const;
  return (
    <section class="card">
      <h2>The same without this page</h2>
      <div class="in stack">
        {lines.map(([label, text]) => (
          <div key={label}>
            <span class="dim">{label}</span>
            <CopyLine text={text} label={label} />
          </div>
        ))}
      </div>
    </section>
  );
}

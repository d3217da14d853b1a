import { code, table } from "./markdown.mjs";

/** @import { Preset, PresetOption } from "@auto-extend/mock-server" */

/**
 * The presets in Markdown: for docs/faults.md, and the document of the mock's control API.
 *
 * @param {readonly Omit<Preset, "fault">[]} presets
 */
export function presetTable(presets) {
  return table(
    ["preset", "what happens", "options (default, allowed values)"],
    presets.map(({ name, description, options }) => [
      code(name),
      description,
      options.map(optionText).join("; "),
    ]),
  );
}

/** @param {PresetOption} option */
function optionText({ name, description, default: fallback, choices, range }) {
  if (fallback === "") return `${code(name)}: ${description}`;
  const value = code(String(fallback));
  const choice = choices ? `, one of ${choices.join(", ")}` : range ? `, ${range[0]} to ${range[1]}` : "";
  return `${code(name)}: ${description} (${value}${choice})`;
}

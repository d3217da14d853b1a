import type { ClientEvent } from "@auto-extend/client";

/** One line about what the client is doing, for `--verbose`. */
export function describeEvent(event: ClientEvent): string {
  const attempt = `Attempt ${event.attempt}`;
  switch (event.type) {
    case "attempt":
      return `${attempt}: ${event.method} ${event.url}`;
    case "answer":
      return `${attempt}: HTTP ${event.status} after ${Math.round(event.duration)} ms`;
    case "finding":
      return `${attempt}: ${event.finding.path || event.finding.part} ${event.finding.message}`;
    case "failure":
      return `${attempt}: ${event.error.name}, ${event.willRetry ? "will be repeated" : "will not be repeated"}`;
    case "pause":
      return `Next attempt in ${Math.round(event.delay)} ms`;
  }
}

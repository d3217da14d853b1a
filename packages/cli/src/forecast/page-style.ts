import { type Html, html } from "./html.js";

/** How the page looks: in a light and a dark scheme, on narrow screens and on paper. */
export const pageStyle: Html = html`
:root { color-scheme: light dark; --page: #ffffff; --card: #f5f7f9; --text: #1c2228; --quiet: #56606b; --rule: #d5dbe1; --line: #1a5fb4; --area: #1a5fb426; --bad: #b3261e; --bad-back: #fdecea; --good: #1b6e3c; }
@media (prefers-color-scheme: dark) { :root { --page: #14181c; --card: #1e242a; --text: #e6eaee; --quiet: #a3aeb9; --rule: #38414a; --line: #78aeed; --area: #78aeed30; --bad: #ff8a80; --bad-back: #3b1f1d; --good: #7fd6a0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2rem 0 0.75rem; font-size: 1.2rem; }
header p, footer { margin: 0.25rem 0 0; color: var(--quiet); }
footer { margin-top: 2rem; border-top: 1px solid var(--rule); font-size: 0.875rem; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 0.75rem; margin: 0; }
dl div { padding: 0.75rem 1rem; border-radius: 0.5rem; background: var(--card); }
dt { color: var(--quiet); font-size: 0.875rem; }
dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
dd span { font-size: 0.875rem; }
dd.note { color: var(--quiet); font-size: 0.875rem; }
.verdict { margin: 0.75rem 0 0; padding: 0.75rem 1rem; border-left: 0.25rem solid var(--quiet); background: var(--card); }
.verdict.good { border-color: var(--good); }
.verdict.bad { border-color: var(--bad); background: var(--bad-back); }
.verdict.bad strong { color: var(--bad); }
code { font: 0.9em/1.4 ui-monospace, monospace; }
figure { margin: 0; overflow-x: auto; }
svg { display: block; width: 100%; min-width: 40rem; height: auto; }
svg text { fill: var(--quiet); font: 12px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
svg .grid { stroke: var(--rule); }
svg .zero { stroke: var(--quiet); }
svg .area { fill: var(--area); }
svg .line { fill: none; stroke: var(--line); stroke-width: 2; }
svg .failed { fill: none; stroke: var(--bad); stroke-width: 2; }
svg .short { stroke: var(--bad); stroke-dasharray: 4 3; }
svg text.bad { fill: var(--bad); font-weight: 600; }
svg .day { fill: transparent; }
svg .day:hover { fill: var(--area); }
.scroll { max-height: 32rem; overflow: auto; border: 1px solid var(--rule); border-radius: 0.5rem; }
.scroll:focus-visible { outline: 2px solid var(--line); }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
caption { padding: 0.5rem 0.75rem; color: var(--quiet); text-align: left; }
th, td { padding: 0.35rem 0.75rem; border-top: 1px solid var(--rule); text-align: left; vertical-align: top; font-variant-numeric: tabular-nums; white-space: nowrap; }
.long { min-width: 10rem; white-space: normal; }
th { position: sticky; top: 0; background: var(--card); }
.number { text-align: right; }
tr.bad td { background: var(--bad-back); }
@media print { th, td { white-space: normal; } .scroll { max-height: none; overflow: visible; } th { position: static; } }
`;

const paths = {
  done: "M2.5 6.5 5 9l4.5-6",
  refused: "M3 3l6 6M9 3l-6 6",
  problem: "M6 2v5M6 9.2v.6",
  faulted: "M7 1 3 7h3l-1 4 4-6H6z",
  forwarded: "M1.5 6h8m-3-3 3 3-3 3",
  skipped: "M3 6h6",
  closed: "M4.5 2.5 8 6 4.5 9.5",
  open: "M2.5 4.5 6 8l3.5-3.5",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  const isSolid = name === "faulted";
  return (
    <svg width={12} height={12} viewBox="0 0 12 12" aria-hidden="true" class="icon">
      <path
        d={paths[name]}
        fill={isSolid ? "currentColor" : "none"}
        stroke="currentColor"
        stroke-width={isSolid ? 0.6 : 1.8}
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

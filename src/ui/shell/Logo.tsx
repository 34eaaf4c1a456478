/** Meshboard's mark: three workloads and the calls between them. */
export function Logo({ size = 22 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" fill="none" stroke="var(--accent)" strokeWidth="2" aria-hidden>
      <path d="M5 6.5L11 11M5 15.5L11 11M11 11h6" />
      <circle cx="4" cy="5.5" r="2.4" fill="var(--accent)" />
      <circle cx="4" cy="16.5" r="2.4" fill="var(--accent)" />
      <circle cx="18" cy="11" r="2.4" fill="var(--accent)" />
    </svg>
  )
}

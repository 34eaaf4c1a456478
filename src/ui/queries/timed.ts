/** What was asked for, and how many milliseconds lay between asking and the last byte, as this page saw it. */
export async function timed<T>(ask: () => Promise<T>): Promise<T & { readonly tookMs: number }> {
  const start = performance.now()
  const answer = await ask()
  return { ...answer, tookMs: Math.round(performance.now() - start) }
}

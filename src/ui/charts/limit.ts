/** What a line across a chart stands for: where health suffers, or what is meant to be. */
export type LimitKind = 'degraded' | 'failing' | 'objective'

/** How such a line is drawn, in chart and legend. */
export const limitStrokes: Readonly<Record<LimitKind, { readonly stroke: string; readonly strokeDasharray: string }>> =
  {
    degraded: { stroke: 'var(--degraded-line)', strokeDasharray: '5 4' },
    failing: { stroke: 'var(--failing)', strokeDasharray: '5 4' },
    objective: { stroke: 'var(--text)', strokeDasharray: '8 3 2 3' },
  }

/** What the canvas itself says; what it draws is worded by the page. */
export const canvasStrings = {
  label: (nodes: number, edges: number) => `Traffic graph: ${nodes} nodes, ${edges} edges`,
  help: 'Arrow right goes to whom a node calls, arrow left to who calls it, up and down to the nearest node. Enter opens it, Space unfolds a folded group, Escape clears. The Table view lists the same.',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Fit everything into view',
  reveal: 'Zoom to the selection',
  reset: 'Lay out afresh (forgets dragged places)',
  late: 'The layout took too long; new nodes have rough places.',
  working: 'Placing the nodes',
} as const

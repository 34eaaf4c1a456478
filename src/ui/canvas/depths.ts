import { isTrouble, type Drawing, type DrawnEdge } from './drawing.ts'
import { isDense, type Scene } from './scene.ts'

/** A drawing, or a scene of it. */
type Drawn = Pick<Drawing, 'nodes' | 'edges'> & { readonly plates?: Scene['plates'] }

/** Lines that are drawn alike. */
interface Depth {
  readonly edges: readonly DrawnEdge[]
  /** 0 to 1. */
  readonly alpha: number
}

/** As made last: a picture that is moved about is painted many times. */
const depths = new WeakMap<Drawn, { readonly lit: ReadonlySet<string> | undefined; readonly made: readonly Depth[] }>()

/** How strongly lines are drawn, those that stand back first: what is in trouble and what the selection is about lie above the rest. */
export function depthsOf(scene: Drawn, lit: ReadonlySet<string> | undefined): readonly Depth[] {
  const known = depths.get(scene)
  if (known !== undefined && known.lit === lit) return known.made
  const made = makeDepths(scene, lit)
  depths.set(scene, { lit, made })
  return made
}

function makeDepths(scene: Drawn, lit: ReadonlySet<string> | undefined): readonly Depth[] {
  const [faint, back, troubled, front]: [DrawnEdge[], DrawnEdge[], DrawnEdge[], DrawnEdge[]] = [[], [], [], []]
  for (const edge of scene.edges) {
    if (lit?.has(edge.id) === true) front.push(edge)
    else if (isTrouble(edge.health)) troubled.push(edge)
    else if (edge.isOfGroup === true) faint.push(edge)
    else back.push(edge)
  }
  const calm = [
    { edges: faint, alpha: (scene.plates?.size ?? 0) === 0 ? 0.5 : 0.65 },
    ...(isDense(scene) ? gradesOf(back, scene.nodes.length) : [{ edges: back, alpha: 1 }]),
  ]
  return [
    ...calm.map(({ edges, alpha }) => ({ edges, alpha: lit === undefined ? alpha : alpha * 0.35 })),
    { edges: troubled, alpha: lit === undefined ? 1 : 0.6 },
    { edges: front, alpha: 1 },
  ]
}

/** Of lines that cover each other everywhere: the busiest, about one for each node, and as many again are told from the thicket. */
function gradesOf(edges: readonly DrawnEdge[], nodes: number): readonly Depth[] {
  const order = [...edges].sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1))
  const [rest, some] = [Math.max(order.length - 2 * nodes, 0), Math.max(order.length - nodes, 0)]
  return [
    { edges: order.slice(0, rest), alpha: 0.2 },
    { edges: order.slice(rest, some), alpha: 0.34 },
    { edges: order.slice(some), alpha: 0.6 },
  ]
}

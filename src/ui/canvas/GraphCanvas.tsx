import { useMediaQuery } from '@mantine/hooks'
import { IconFocusCentered, IconHierarchy2, IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react'
import {
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
} from 'react'

import type { Camera } from './camera.ts'
import type { Drawing } from './drawing.ts'
import type { Places, Point } from './geometry.ts'
import classes from './GraphCanvas.module.css'
import type { LayoutChoice } from './layouts.ts'
import { usePalette } from './palette.ts'
import { createPlaceKeeper } from './placeKeeper.ts'
import { createPlacer } from './placer.ts'
import { placeStore } from './places.ts'
import { sceneOf, type Overviews, type Scene } from './scene.ts'
import { canvasStrings as strings } from './strings.ts'
import { createSurface, type Surface } from './surface.ts'
import { visiblePart } from './visible.ts'
import { walk, type Step } from './walk.ts'

/** What is said of a node, box or edge when the pointer or the keyboard is on it. */
export interface Description {
  readonly title: string
  readonly lines: readonly string[]
}

interface Props {
  readonly drawing: Drawing
  /** The same from afar; nothing is folded by the zoom without it. */
  readonly overviews?: Overviews
  /** Places and first fit belong to it: cluster, namespaces, graph type. */
  readonly scope: string
  readonly selected: string | undefined
  readonly onSelect: (id: string | undefined) => void
  /** Where to look at first; later changes are the viewer's own and are told by `onCamera`. */
  readonly camera: Camera | undefined
  readonly layout?: LayoutChoice
  readonly onCamera: (camera: Camera | undefined) => void
  readonly describe: (id: string) => Description | undefined
  /** A folded group is to be opened: by a double click, by its plus, or by Space. */
  readonly onOpen?: (id: string) => void
  /** Pixels at the top that lie under something and are no place for what is fitted. */
  readonly top?: number
  /** A node or box was double-clicked. */
  readonly onDoubleClick?: (id: string) => void
  /** The menu of a node, edge or box was asked for, by the right button or the keyboard; `at` in pixels of the window. */
  readonly onOpenMenu?: (id: string, at: Point) => void
  /** When it changes, the view is fitted to what is there: the viewer chose another part of the graph. */
  readonly part?: string
  /** Ids of nodes and edges that have their places but are not drawn. */
  readonly hidden?: ReadonlySet<string>
  /** Ids of nodes and edges that wear a soft halo: what was found. */
  readonly highlighted?: ReadonlySet<string>
  /** Ids of nodes to bring into view, each time another list is given: the viewer went on to the next match. */
  readonly revealed?: readonly string[] | undefined
  /** Dots run along the edges; they stand still where the viewer's system asks for less motion. */
  readonly isAnimated?: boolean
  /** What is drawn and where it stands, for a picture to take away. */
  readonly onPlaced?: (drawing: Drawing, places: Places) => void
}

const steps: Readonly<Record<string, Step>> = {
  ArrowRight: 'right',
  ArrowLeft: 'left',
  ArrowUp: 'up',
  ArrowDown: 'down',
}
const nowhere: Places = new Map()

/**
 * The graph on a canvas: places stay by node identity, the camera moves only when the viewer moves it, hover and selection are drawn
 * above. `data-nodes`, `data-edges`, `data-layout-runs` and `data-positions` say what is shown.
 */
export function GraphCanvas(props: Props) {
  const { drawing: whole, hidden, highlighted, revealed, scope, selected, describe } = props
  const drawing = useMemo(() => visiblePart(whole, hidden), [whole, hidden])
  const [surface, setSurface] = useState<Surface>()
  const [hover, setHover] = useState<{ readonly id: string; readonly at: Point }>()
  const [focused, setFocused] = useState<string>()
  const [keeper] = useState(() =>
    createPlaceKeeper(createPlacer(), {
      dragged: placeStore(storageOf('localStorage')),
      all: placeStore(storageOf('sessionStorage')),
    }),
  )
  const kept = useSyncExternalStore(keeper.subscribe, keeper.snapshot)
  const palette = usePalette()
  const helpId = useId()

  const places = kept.scope === scope ? kept.places : nowhere
  const scene = useScene(drawing, places)
  const latest = useRef(props)
  const fittedScope = useRef<string>(undefined)
  const fittedPart = useRef(props.part)

  useLayoutEffect(() => {
    latest.current = props
  })
  const { layout } = props
  useEffect(() => keeper.want(scope, whole, layout), [keeper, scope, whole, layout])
  useEffect(() => () => keeper.stop(), [keeper])
  const { overviews } = props
  useEffect(
    () => surface?.show({ drawing, places, scene, overviews, palette }),
    [surface, drawing, places, scene, overviews, palette],
  )
  useEffect(
    () => surface?.mark({ selected, hovered: hover?.id, focused, found: highlighted }),
    [surface, scene, selected, hover, focused, highlighted],
  )
  const isStill = useMediaQuery('(prefers-reduced-motion: reduce)', false, { getInitialValueInEffect: false })
  const motion = props.isAnimated !== true ? 'off' : isStill ? 'still' : 'moving'
  useEffect(() => surface?.move(motion), [surface, motion])
  useEffect(() => revealed?.forEach((id) => surface?.reveal(id)), [surface, revealed])
  useEffect(() => {
    const isPlaced = drawing.nodes.some(({ id }) => places.has(id))
    if (surface === undefined || !isPlaced || fittedScope.current === scope) return
    const { camera, onCamera } = latest.current
    const isFirst = fittedScope.current === undefined
    fittedScope.current = scope
    if (isFirst && camera !== undefined && surface.look(camera)) return
    surface.fit(latest.current.top)
    if (!isFirst) onCamera(undefined)
  }, [surface, scope, drawing, places])

  const { part, onPlaced } = props
  useEffect(() => {
    if (surface === undefined || fittedPart.current === part) return
    if (!drawing.nodes.every(({ id }) => places.has(id))) return
    fittedPart.current = part
    surface.fit(latest.current.top)
    latest.current.onCamera(undefined)
  }, [surface, part, drawing, places])
  useEffect(() => onPlaced?.(drawing, places), [onPlaced, drawing, places])

  const attach = useCallback(
    (container: HTMLDivElement) => {
      const made = createSurface(container, {
        onSelect: (id) => latest.current.onSelect(id),
        onHover: (id, at) => setHover(id === undefined ? undefined : { id, at }),
        onMove: keeper.move,
        onOpen: (id) => latest.current.onOpen?.(id),
        onDoubleClick: (id) => latest.current.onDoubleClick?.(id),
        onOpenMenu: (id, at) => {
          setHover(undefined)
          latest.current.onOpenMenu?.(id, at)
        },
        onCamera: (camera) => latest.current.onCamera(camera),
      })
      setSurface(made)
      return () => {
        setSurface(undefined)
        made.destroy()
      }
    },
    [keeper],
  )

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (step !== undefined) {
      event.preventDefault()
      const next = walk(drawing, places, focused ?? selected, step)
      setFocused(next)
      if (next !== undefined) surface?.reveal(next)
    } else if (event.key === ' ' && (focused ?? selected) !== undefined) {
      event.preventDefault()
      props.onOpen?.(focused ?? selected ?? '')
    } else if (event.key === 'Enter' && focused !== undefined) {
      props.onSelect(focused)
    } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const id = focused ?? selected
      if (id === undefined || surface === undefined) return
      event.preventDefault()
      props.onOpenMenu?.(id, surface.whereIs(id))
    } else if (event.key === 'f' && !event.ctrlKey && !event.metaKey) {
      const id = focused ?? selected
      if (id !== undefined) props.onDoubleClick?.(id)
    } else if (event.key === 'Escape') {
      setFocused(undefined)
      props.onSelect(undefined)
    } else if (event.key === '+' || event.key === '=') surface?.zoomBy(1.25)
    else if (event.key === '-') surface?.zoomBy(0.8)
    else if (event.key === '0') surface?.fit(props.top)
  }

  const shownNodes = useMemo(() => drawing.nodes.filter(({ id }) => places.has(id)), [drawing, places])
  const positions = useMemo(() => positionsOf(shownNodes, places), [shownNodes, places])
  const spoken = focused === undefined ? undefined : describe(focused)
  const tip = hover === undefined ? undefined : describe(hover.id)
  return (
    <div
      className={classes['stage']}
      data-testid="graph-canvas"
      data-nodes={shownNodes.length}
      data-edges={scene.routes.size}
      data-folded={drawing.nodes.filter(({ shape }) => shape === 'folded').length}
      data-highlighted={highlighted?.size ?? 0}
      data-layout-runs={kept.runs}
      data-positions={positions}
      data-motion={motion}
    >
      <div
        ref={attach}
        className={classes['surface']}
        tabIndex={0}
        role="application"
        aria-label={strings.label(shownNodes.length, scene.routes.size)}
        aria-describedby={helpId}
        onKeyDown={onKeyDown}
        onBlur={() => setFocused(undefined)}
      />
      <p id={helpId} className={classes['spoken']}>
        {strings.help}
      </p>
      <p className={classes['spoken']} aria-live="polite">
        {spoken === undefined ? '' : [spoken.title, ...spoken.lines].map((line) => line.replace(/[.]$/, '')).join('. ')}
      </p>
      {tip !== undefined && hover !== undefined && (
        <div className={classes['tip']} role="presentation" style={tipPlace(hover.at)}>
          <strong>{tip.title}</strong>
          {tip.lines.map((line) => (
            <span key={line}>{line}</span>
          ))}
        </div>
      )}
      <div className={classes['zoom']}>
        <ToolButton label={strings.zoomIn} icon={IconPlus} onClick={() => surface?.zoomBy(1.25)} />
        <ToolButton label={strings.zoomOut} icon={IconMinus} onClick={() => surface?.zoomBy(0.8)} />
        <ToolButton
          label={strings.fit}
          icon={IconMaximize}
          onClick={() => {
            surface?.fit(props.top)
            props.onCamera(undefined)
          }}
        />
        {selected !== undefined && (
          <ToolButton
            label={strings.reveal}
            icon={IconFocusCentered}
            onClick={() => surface?.fit(props.top, new Set([selected]))}
          />
        )}
        <ToolButton
          label={strings.reset}
          icon={IconHierarchy2}
          onClick={() => {
            fittedScope.current = `${scope} before reset`
            keeper.reset()
          }}
        />
      </div>
      {kept.isLate && <div className={classes['note']}>{strings.late}</div>}
      {kept.isWorking && shownNodes.length === 0 && (
        <div className={classes['note']} role="status">
          {strings.working}
        </div>
      )}
    </div>
  )
}

interface ToolButtonProps {
  readonly label: string
  readonly icon: typeof IconPlus
  readonly onClick: () => void
}

function ToolButton({ label, icon: Icon, onClick }: ToolButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick}>
      <Icon size={16} stroke={1.5} aria-hidden />
    </button>
  )
}

/** Below and right of the pointer, or left of it near the right edge. */
function tipPlace({ x, y }: Point) {
  const isRight = x > window.innerWidth * 0.55
  return { top: y + 16, ...(isRight ? { right: `calc(100% - ${x - 8}px)` } : { left: x + 14 }) }
}

/** The scene of what is drawn; a refresh with the same calls and places takes the routes of the last one over. */
function useScene(drawing: Drawing, places: Places): Scene {
  const [kept, setKept] = useState<{ readonly drawing: Drawing; readonly places: Places; readonly scene: Scene }>()
  if (kept?.drawing === drawing && kept.places === places) return kept.scene
  const scene = sceneOf(drawing, places, kept?.scene)
  setKept({ drawing, places, scene })
  return scene
}

/** `{ "<node id>": [x, y], ... }` in model pixels. */
function positionsOf(nodes: readonly { readonly id: string }[], places: Places): string {
  return JSON.stringify(
    Object.fromEntries(
      nodes.map(({ id }) => {
        const { x, y } = places.get(id) ?? { x: 0, y: 0 }
        return [id, [Math.round(x), Math.round(y)]]
      }),
    ),
  )
}

/** The browser's storage, or none where it is forbidden (reading the property itself may throw). */
function storageOf(name: 'localStorage' | 'sessionStorage'): Storage | undefined {
  try {
    return window[name]
  } catch {
    return undefined
  }
}

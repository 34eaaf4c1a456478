import type { Point } from './geometry.ts'

/** What a pointer, a wheel or two fingers do on a surface; points in pixels from its top left corner. */
export interface Gestures {
  /** Whether something that can be dragged is at a point: its id, else the surface itself is moved. */
  readonly draggableAt: (at: Point) => string | undefined
  readonly onTap: (at: Point) => void
  readonly onDoubleTap: (at: Point) => void
  /** The right button, or a long press. */
  readonly onMenu: (at: Point) => void
  /** The pointer rests or moves without a button; `undefined` when it left. */
  readonly onHover: (at: Point | undefined) => void
  readonly onPan: (by: Point) => void
  readonly onZoom: (factor: number, at: Point) => void
  readonly onDrag: (id: string, by: Point, isDone: boolean) => void
}

/** Pixels a pressed pointer may stray and still mean a tap. */
const tapReach = 5
const doubleTapMs = 320
const longPressMs = 550

interface Press {
  readonly at: Point
  readonly button: number
  readonly dragged: string | undefined
  last: Point
  isMoved: boolean
}

/** Listens on `target` until the returned function is called. */
export function listen(target: HTMLElement, gestures: Gestures): () => void {
  const fingers = new Map<number, Point>()
  let press: Press | undefined
  let lastTap: { readonly at: Point; readonly when: number } | undefined
  let longPress: ReturnType<typeof setTimeout> | undefined
  let hovering: { frame: number; at: Point } | undefined

  const pointOf = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = target.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }
  const hover = (at: Point) => {
    if (hovering !== undefined) hovering.at = at
    else {
      hovering = {
        at,
        frame: requestAnimationFrame(() => {
          const { at: place = at } = hovering ?? {}
          hovering = undefined
          gestures.onHover(place)
        }),
      }
    }
  }
  const unhover = () => {
    if (hovering !== undefined) cancelAnimationFrame(hovering.frame)
    hovering = undefined
    gestures.onHover(undefined)
  }
  const endPress = () => {
    clearTimeout(longPress)
    if (press?.dragged !== undefined && press.isMoved) gestures.onDrag(press.dragged, { x: 0, y: 0 }, true)
    press = undefined
  }

  const onDown = (event: PointerEvent) => {
    const at = pointOf(event)
    fingers.set(event.pointerId, at)
    if (isOn(event)) target.setPointerCapture(event.pointerId)
    if (fingers.size > 1) {
      endPress()
      return
    }
    const dragged = event.button === 0 ? gestures.draggableAt(at) : undefined
    press = { at, last: at, button: event.button, dragged, isMoved: false }
    if (event.pointerType === 'touch') {
      longPress = setTimeout(() => {
        press = undefined
        gestures.onMenu(at)
      }, longPressMs)
    }
  }
  const onMove = (event: PointerEvent) => {
    const at = pointOf(event)
    const before = fingers.get(event.pointerId)
    if (before === undefined) {
      hover(at)
      return
    }
    if (fingers.size === 2) {
      pinch(fingers, event.pointerId, at, gestures)
      fingers.set(event.pointerId, at)
      return
    }
    fingers.set(event.pointerId, at)
    if (press === undefined || press.button !== 0) return
    if (!press.isMoved && Math.hypot(at.x - press.at.x, at.y - press.at.y) < tapReach) return
    if (!press.isMoved) unhover()
    press.isMoved = true
    clearTimeout(longPress)
    const by = { x: at.x - press.last.x, y: at.y - press.last.y }
    press.last = at
    if (press.dragged === undefined) gestures.onPan(by)
    else gestures.onDrag(press.dragged, by, false)
  }
  const onUp = (event: PointerEvent) => {
    const at = pointOf(event)
    fingers.delete(event.pointerId)
    const ended = press
    endPress()
    if (ended === undefined || ended.isMoved || event.type === 'pointercancel') return
    if (ended.button === 2) gestures.onMenu(at)
    if (ended.button !== 0) return
    const isDouble =
      lastTap !== undefined &&
      event.timeStamp - lastTap.when < doubleTapMs &&
      Math.hypot(at.x - lastTap.at.x, at.y - lastTap.at.y) < tapReach * 2
    lastTap = isDouble ? undefined : { at, when: event.timeStamp }
    if (isDouble) gestures.onDoubleTap(at)
    else gestures.onTap(at)
  }
  const onLeave = (event: PointerEvent) => {
    if (!fingers.has(event.pointerId)) unhover()
  }
  const onWheel = (event: WheelEvent) => {
    event.preventDefault()
    gestures.onZoom(zoomOf(event), pointOf(event))
  }
  const onContextMenu = (event: Event) => event.preventDefault()

  const listeners = [
    ['pointerdown', onDown],
    ['pointermove', onMove],
    ['pointerup', onUp],
    ['pointercancel', onUp],
    ['pointerleave', onLeave],
  ] as const
  for (const [name, listener] of listeners) target.addEventListener(name, listener)
  target.addEventListener('wheel', onWheel, { passive: false })
  target.addEventListener('contextmenu', onContextMenu)
  return () => {
    clearTimeout(longPress)
    if (hovering !== undefined) cancelAnimationFrame(hovering.frame)
    for (const [name, listener] of listeners) target.removeEventListener(name, listener)
    target.removeEventListener('wheel', onWheel)
    target.removeEventListener('contextmenu', onContextMenu)
  }
}

/** Only a pointer that really presses can be captured; a test's or a tool's event may be none. */
const isOn = ({ isTrusted }: PointerEvent) => isTrusted

/** Two fingers: their distance zooms, their middle moves. */
function pinch(fingers: ReadonlyMap<number, Point>, moved: number, at: Point, gestures: Gestures): void {
  const before = fingers.get(moved)
  const other = [...fingers].find(([id]) => id !== moved)?.[1]
  if (before === undefined || other === undefined) return
  const [from, to] = [Math.hypot(before.x - other.x, before.y - other.y), Math.hypot(at.x - other.x, at.y - other.y)]
  gestures.onPan({ x: (at.x - before.x) / 2, y: (at.y - before.y) / 2 })
  if (from > 0 && to > 0) gestures.onZoom(to / from, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 })
}

/** A mouse's notch is about a fifth; a trackpad's pinch arrives as a wheel with Ctrl and small steps. Lines count 16 pixels. */
export function zoomOf({ deltaY, deltaMode, ctrlKey }: Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'ctrlKey'>): number {
  const pixels = Math.max(-300, Math.min(300, deltaMode === 1 ? deltaY * 16 : deltaY))
  return Math.exp(-pixels * (ctrlKey ? 0.01 : 0.002))
}

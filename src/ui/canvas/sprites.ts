import type { DrawnNode } from './drawing.ts'
import { imageSize, nodeImage } from './nodeImage.ts'
import type { Palette } from './palette.ts'

/** The pictures of nodes, drawn once for each look and size: an SVG drawn again for every node would be most of a frame. */
export interface Sprites {
  /** The picture of a node as sharp as the zoom asks for; `undefined` while the browser still reads it. */
  readonly of: (node: Look, palette: Palette, zoom: number) => CanvasImageSource | undefined
}

type Look = Pick<DrawnNode, 'shape' | 'health' | 'inside'>

interface Sprite {
  readonly image: HTMLImageElement
  isReady: boolean
  readonly bySize: Map<number, HTMLCanvasElement>
}

/** Sizes kept of one look: a zoom passes through many. */
const mostSizes = 6

/** `onReady` is called whenever a look that was asked for can be drawn. */
export function createSprites(onReady: () => void): Sprites {
  let looks = new Map<string, Sprite>()
  let painted: Palette | undefined

  const load = (look: Look, palette: Palette): Sprite => {
    const image = new Image()
    const sprite: Sprite = { image, isReady: false, bySize: new Map() }
    image.onload = () => {
      sprite.isReady = true
      onReady()
    }
    image.src = nodeImage(look, palette)
    return sprite
  }
  return {
    of: (look, palette, zoom) => {
      if (painted !== palette) looks = new Map<string, Sprite>()
      painted = palette
      const key = `${look.shape} ${look.health} ${look.inside === undefined}`
      const sprite = looks.get(key) ?? load(look, palette)
      looks.set(key, sprite)
      if (!sprite.isReady) return undefined
      const size = Math.max(8, Math.round(imageSize * zoom * (window.devicePixelRatio || 1)))
      const known = sprite.bySize.get(size)
      if (known !== undefined) return known
      const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size })
      canvas.getContext('2d')?.drawImage(sprite.image, 0, 0, size, size)
      if (sprite.bySize.size >= mostSizes) sprite.bySize.delete([...sprite.bySize.keys()][0] ?? 0)
      sprite.bySize.set(size, canvas)
      return canvas
    },
  }
}

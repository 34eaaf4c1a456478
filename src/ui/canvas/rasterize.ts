import type { Measure } from './labels.ts'
import { createMeasure } from './paint.ts'
import type { Picture } from './picture.ts'

/** Browsers refuse larger canvases (https://developer.mozilla.org/en-US/docs/Web/HTML/Element/canvas#maximum_canvas_size). */
const largestSide = 16_384
const largestArea = 120_000_000

/** How many image pixels a CSS pixel may become, at most two, so that a browser still draws the whole. */
export function scaleFor({ width, height }: Pick<Picture, 'width' | 'height'>): number {
  return Math.min(2, largestSide / width, largestSide / height, Math.sqrt(largestArea / (width * height)))
}

/** The picture as PNG, twice its size where that is possible. Rejects where the browser cannot draw or write it. */
export async function pngOf(picture: Picture): Promise<Blob> {
  const scale = scaleFor(picture)
  const image = new Image()
  const loaded = new Promise<void>((resolve, reject) => {
    image.onload = () => resolve()
    image.onerror = () => reject(new Error('The graph cannot be drawn as an image'))
  })
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture.svg)}`
  await loaded
  const canvas = document.createElement('canvas')
  canvas.width = Math.floor(picture.width * scale)
  canvas.height = Math.floor(picture.height * scale)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser cannot draw images')
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error('This browser cannot write PNG')) : resolve(blob))),
  )
}

/** Widths as this browser writes them; about half the size for each letter where it cannot tell. */
export function measureText(): Measure {
  const context =
    typeof CanvasRenderingContext2D === 'undefined' ? null : document.createElement('canvas').getContext('2d')
  return context === null ? (text, size) => text.length * size * 0.5 : createMeasure(context)
}

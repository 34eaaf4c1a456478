/** What of an element's computed style an image needs: the page's stylesheets do not travel with it. */
const drawn = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const

/**
 * The chart inside `element` as a PNG at twice its size, on the page's background, with its title and legend written above.
 * Rejects where the browser cannot draw it (no chart, no canvas).
 */
export async function pngOf(element: Element, title: string, legend: readonly string[]): Promise<Blob> {
  const svg = element.querySelector<SVGSVGElement>('svg.recharts-surface')
  if (svg === null) throw new Error('There is no chart to export')
  const { width, height } = svg.getBoundingClientRect()
  const image = await imageOf(svg, width, height)

  const rows = legend.length === 0 ? 0 : Math.ceil(legend.length / 3)
  const top = 34 + rows * 18
  const canvas = document.createElement('canvas')
  const scale = 2
  canvas.width = width * scale
  canvas.height = (height + top) * scale
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser cannot draw images')
  const style = getComputedStyle(document.body)
  context.scale(scale, scale)
  context.fillStyle = style.backgroundColor
  context.fillRect(0, 0, width, height + top)
  context.fillStyle = style.color
  context.font = `16px ${style.fontFamily}`
  context.fillText(title, 12, 22, width - 24)
  context.font = `12px ${style.fontFamily}`
  for (const [index, text] of legend.entries()) {
    context.fillText(text, 12 + (index % 3) * (width / 3), 42 + Math.floor(index / 3) * 18, width / 3 - 16)
  }
  context.drawImage(image, 0, top, width, height)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error('This browser cannot write PNG')) : resolve(blob))),
  )
}

async function imageOf(svg: SVGSVGElement, width: number, height: number): Promise<HTMLImageElement> {
  const copy = svg.cloneNode(true)
  if (!(copy instanceof SVGSVGElement)) throw new Error('The chart cannot be copied')
  const originals = [svg, ...svg.querySelectorAll('*')]
  for (const [index, element] of [copy, ...copy.querySelectorAll('*')].entries()) {
    const original = originals[index]
    if (original === undefined || !(element instanceof SVGElement)) continue
    const style = getComputedStyle(original)
    element.setAttribute('style', drawn.map((name) => `${name}:${style.getPropertyValue(name)}`).join(';'))
    for (const name of ['fill', 'stroke']) element.removeAttribute(name)
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  const image = new Image()
  const loaded = new Promise<void>((resolve, reject) => {
    image.onload = () => resolve()
    image.onerror = () => reject(new Error('The chart cannot be drawn as an image'))
  })
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
  await loaded
  return image
}

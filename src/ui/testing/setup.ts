import '@testing-library/jest-dom/vitest'

import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// What Mantine and the pages ask of a browser and jsdom does not have.
class SilentResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

window.ResizeObserver = SilentResizeObserver
window.HTMLElement.prototype.scrollIntoView = () => {}
window.matchMedia = (query) => {
  const list = new EventTarget()
  return Object.assign(list, {
    matches: false,
    media: query,
    onchange: null,
    addListener: () => {},
    removeListener: () => {},
  })
}

afterEach(cleanup)

// A loaded machine is slow, not wrong.
configure({ asyncUtilTimeout: 5000 })

import { useSyncExternalStore } from 'react'

interface FullScreen {
  readonly isFull: boolean
  /** Rejects where the browser refuses. */
  readonly toggle: () => Promise<void>
}

/**
 * Whether the page fills the screen. The whole document does, and the page covers it: menus and dialogs, which stand beside the page in
 * the document, stay within sight.
 */
export function useFullScreen(): FullScreen {
  const isFull = useSyncExternalStore(subscribe, isFullScreen)
  return {
    isFull,
    toggle: isFull ? () => document.exitFullscreen() : () => document.documentElement.requestFullscreen(),
  }
}

function subscribe(listener: () => void): () => void {
  document.addEventListener('fullscreenchange', listener)
  return () => document.removeEventListener('fullscreenchange', listener)
}

// jsdom has no full screen: its property is undefined there.
const isFullScreen = () => Boolean(document.fullscreenElement)

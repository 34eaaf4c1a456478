import { useEffect, useRef, useState } from 'react'

/** How long after a letter the URL follows. */
const restMs = 150

/** The text of a field whose value lives elsewhere (the URL) and follows a little later; a value that changes from outside replaces it. */
export function useTyped(value: string, onType: (text: string) => void): readonly [string, (text: string) => void] {
  const [text, setText] = useState(value)
  const [known, setKnown] = useState({ value, sent: value })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  if (value !== known.value) {
    setKnown({ value, sent: value })
    if (value !== known.sent) setText(value)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (next: string) => {
    setText(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      setKnown((before) => ({ ...before, sent: next }))
      onType(next)
    }, restMs)
  }
  return [text, type]
}

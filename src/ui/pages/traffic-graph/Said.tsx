import { useEffect } from 'react'

import classes from './Said.module.css'

/** What the last action has to say, for a few seconds; read out politely. */
export function Said({ text, onDone }: { readonly text: string; readonly onDone: () => void }) {
  useEffect(() => {
    if (text === '') return
    const timer = setTimeout(onDone, 4000)
    return () => clearTimeout(timer)
  }, [text, onDone])
  return (
    <div className={classes['said']} role="status" data-shown={text !== '' || undefined}>
      {text}
    </div>
  )
}

import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'

import { strings } from '../strings.ts'

interface Props {
  /** What goes to the clipboard. */
  readonly text: string
  readonly label?: string
}

/** Puts a text on the clipboard and says for two seconds whether that worked; screen readers hear it too. */
export function CopyButton({ text, label = strings.copy.copy }: Props) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>()
  useEffect(() => {
    if (outcome === undefined) return
    const timer = setTimeout(() => setOutcome(undefined), 2000)
    return () => clearTimeout(timer)
  }, [outcome])

  const copy = () => {
    // Absent where the page is not served securely.
    const clipboard = navigator.clipboard as Clipboard | undefined
    if (clipboard === undefined) {
      setOutcome('failed')
      return
    }
    clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    )
  }
  const Icon = outcome === 'copied' ? IconCheck : IconCopy
  return (
    <Button variant="default" size="xs" leftSection={<Icon size={14} stroke={1.5} aria-hidden />} onClick={copy}>
      <span aria-live="polite">{outcome === undefined ? label : strings.copy[outcome]}</span>
    </Button>
  )
}

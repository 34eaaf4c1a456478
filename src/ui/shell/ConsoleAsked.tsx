import { useQuery } from '@tanstack/react-query'

import { useEmbedding } from '../embed/Embedding.tsx'
import { StatePanel } from '../panels/StatePanel.tsx'
import { sessionQuery } from '../queries/session.ts'
import { strings } from '../strings.ts'

/** In a console's frame: whose token is missing or was refused, and that the console has been asked. */
export function ConsoleAsked() {
  const { isWaiting } = useEmbedding()
  const session = useQuery({ ...sessionQuery, enabled: false })
  const isRefused = !isWaiting && session.error !== null
  return (
    <main style={{ height: '100%', display: 'flex' }}>
      <StatePanel
        mark="unknown"
        title={isRefused ? strings.embed.refused : strings.embed.waiting}
        text={isRefused ? strings.embed.refusedText : strings.embed.waitingText}
        cause={isRefused ? session.error.message : undefined}
        headingLevel={1}
      />
    </main>
  )
}

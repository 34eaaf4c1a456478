import { Button } from '@mantine/core'

import { span } from '../../format.ts'
import { SilenceReason } from '../../panels/doctor/SilenceReason.tsx'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { useChooseView, useView } from '../../view.tsx'
import { graphStrings } from './strings.ts'
import { idleKinds, protocols, type GraphChoices } from './words.ts'

interface Props {
  readonly choices: GraphChoices
  readonly onChoose: (patch: Partial<GraphChoices>) => void
}

/** The mesh has traffic, this scope has none in this window: why, as the doctor finds it, and the choices that may show some. */
export function EmptyGraph({ choices, onChoose }: Props) {
  const view = useView()
  const chooseView = useChooseView()
  const strings = graphStrings.empty
  const isEverywhere = view.namespaces.length === 0 && view.project === undefined
  const scope = isEverywhere ? strings.everywhere : (view.project ?? view.namespaces.join(', '))
  return (
    <StatePanel
      mark="idle"
      title={strings.title}
      text={strings.text(scope, span(view.window.seconds))}
      actions={
        <>
          {view.window.seconds < 3600 && (
            <Button size="xs" onClick={() => chooseView({ span: { kind: 'last', seconds: 3600 } })}>
              {strings.longer}
            </Button>
          )}
          {!isEverywhere && (
            <Button size="xs" variant="default" onClick={() => chooseView({ scope: { namespaces: [] } })}>
              {strings.everything}
            </Button>
          )}
          {choices.idle.length === 0 && (
            <Button size="xs" variant="default" onClick={() => onChoose({ idle: idleKinds })}>
              {strings.idle}
            </Button>
          )}
          {choices.protocols.length < protocols.length && (
            <Button size="xs" variant="default" onClick={() => onChoose({ protocols })}>
              {strings.protocols}
            </Button>
          )}
        </>
      }
    >
      <SilenceReason otherwise={strings.hint} />
    </StatePanel>
  )
}

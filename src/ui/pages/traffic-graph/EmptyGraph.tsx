import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { span } from '../../format.ts'
import { CopyButton } from '../../kit/CopyButton.tsx'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { objectsQuery } from '../../queries/objects.ts'
import { strings as shared } from '../../strings.ts'
import { useChooseView, useView } from '../../view.tsx'
import { quoted } from './commandLines.ts'
import { emptyReason, type EmptyReason } from './emptyReason.ts'
import { graphStrings } from './strings.ts'
import classes from './TrafficGraphPage.module.css'
import { idleKinds, protocols, type GraphChoices } from './words.ts'

interface Props {
  readonly choices: GraphChoices
  readonly onChoose: (patch: Partial<GraphChoices>) => void
}

/** The mesh has traffic, this scope has none in this window: why, and the choices and commands that help. */
export function EmptyGraph({ choices, onChoose }: Props) {
  const view = useView()
  const chooseView = useChooseView()
  const strings = graphStrings.empty
  const { data: known } = useQuery({
    ...objectsQuery(view.cluster.name),
    enabled: view.cluster.capabilities.kubernetes.allowed,
  })
  const isEverywhere = view.namespaces.length === 0 && view.project === undefined
  const scope = isEverywhere ? strings.everywhere : (view.project ?? view.namespaces.join(', '))
  const reason = emptyReason(namespacesOf(view, known?.objects.namespaces), known?.objects)
  const command = commandFor(reason)
  return (
    <StatePanel
      mark="idle"
      title={strings.title}
      text={strings.text(scope, span(view.window.seconds))}
      hint={reason.kind === 'unknown' ? strings.hint : strings.reasons[reason.kind](reason.namespaces.join(', '))}
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
      {command !== undefined &&
        (view.isOwner ? (
          <p className={classes['command']}>
            <code>{command}</code>
            <CopyButton text={command} />
          </p>
        ) : (
          <p>{shared.states.askOwner(strings.title)}</p>
        ))}
    </StatePanel>
  )
}

interface Scope {
  readonly namespaces: readonly string[]
  readonly project: string | undefined
}

function namespacesOf(
  { namespaces, project }: Scope,
  known: readonly { readonly name: string; readonly project?: string }[] | undefined,
): readonly string[] {
  if (project === undefined) return namespaces
  return (known ?? [])
    .filter((each) => each.project === project || each.project?.endsWith(`:${project}`) === true)
    .map(({ name }) => name)
}

/** What whoever runs the cluster pastes to look or to help; none where a button helps. */
function commandFor(reason: EmptyReason): string | undefined {
  const namespace = quoted('namespaces' in reason ? (reason.namespaces[0] ?? '') : '')
  switch (reason.kind) {
    case 'notInMesh':
      return `kubectl label namespace ${namespace} istio-injection=enabled && kubectl rollout restart deployment -n ${namespace}`
    case 'quietOrNotScraped':
      return `istioctl proxy-status -n ${namespace}`
    case 'nothingRuns':
      return `kubectl get deployments,statefulsets,daemonsets -n ${namespace}`
    default:
      return undefined
  }
}

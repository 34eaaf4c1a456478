import { Button, Skeleton } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { ReactNode } from 'react'

import type { Permission } from '../../clients/session/wire.ts'
import type { HealthState } from '../../mesh/health.ts'
import { span } from '../format.ts'
import { CopyButton } from '../kit/CopyButton.tsx'
import { strings } from '../strings.ts'
import { Banner } from './Banner.tsx'
import { stepsFor } from './commands.ts'
import type { PageState } from './state.ts'
import { StatePanel } from './StatePanel.tsx'
import classes from './StatePanel.module.css'

/** The shape of a page to come. */
export function LoadingPanel({ label = strings.states.loading }: { readonly label?: string }) {
  return (
    <div className={classes['loading']} role="status" aria-label={label}>
      <Skeleton height={16} width={220} />
      <Skeleton height={28} width={320} />
      <Skeleton height={360} />
    </div>
  )
}

interface StaleProps {
  /** When the numbers on the screen are from, as the viewer reads time. */
  readonly asOf: string
  readonly cause: string
  readonly onRetry: () => void
}

/** Above numbers that are older than they should be: since when, why, and another try. */
export function StaleBanner({ asOf, cause, onRetry }: StaleProps) {
  return (
    <Banner tone="degraded" actions={<RetryButton onRetry={onRetry} />}>
      {strings.states.stale(asOf, cause)}
    </Banner>
  )
}

interface Props {
  readonly state: Exclude<PageState, { readonly kind: 'ready' | 'stale' | 'empty' }>
  /** Whether this viewer can act on the cluster: owners read commands, members whom to ask. */
  readonly isOwner: boolean
  readonly onRetry?: () => void
  /** The scope, for the commands. */
  readonly namespaces?: readonly string[]
  /** Seconds of the window. */
  readonly windowSeconds?: number
  readonly headingLevel?: 1 | 2 | 3
  /** Why, as far as it can be found out. */
  readonly children?: ReactNode
}

/** What stands in a page's place in every state without numbers. (For `empty` a page has words of its own: `StatePanel`.) */
export function StateView({
  state,
  isOwner,
  onRetry,
  namespaces = [],
  windowSeconds = 300,
  headingLevel = 2,
  children,
}: Props) {
  if (state.kind === 'loading') return <LoadingPanel />
  const { mark, title, text } = wordsFor(state, isOwner, windowSeconds)
  return (
    <StatePanel
      mark={mark}
      title={title}
      text={text}
      cause={'cause' in state ? state.cause : undefined}
      hint={'hint' in state ? state.hint : undefined}
      headingLevel={headingLevel}
      actions={onRetry === undefined ? undefined : <RetryButton onRetry={onRetry} />}
    >
      {state.kind === 'forbidden' && state.permission !== undefined && (
        <p className={classes['text']}>{strings.states.missingPermission(permissionText(state.permission))}</p>
      )}
      <Steps kind={state.kind} isOwner={isOwner} namespaces={namespaces} />
      {children}
    </StatePanel>
  )
}

interface StepsProps {
  readonly kind: PageState['kind']
  readonly isOwner: boolean
  readonly namespaces: readonly string[]
}

function Steps({ kind, isOwner, namespaces }: StepsProps): ReactNode {
  const steps = stepsFor(kind, namespaces)
  if (steps.length === 0) return null
  if (!isOwner) return <p className={classes['text']}>{strings.states.askOwner(askAbout(kind))}</p>
  return (
    <ol className={classes['steps']} aria-label={strings.states.whatToDo}>
      {steps.map(({ say, command }) => (
        <li key={command} className={classes['step']}>
          <span>{say}</span>
          <span className={classes['command']}>
            <code>{command}</code>
            <CopyButton text={command} />
          </span>
        </li>
      ))}
    </ol>
  )
}

function RetryButton({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <Button
      variant="outline"
      size="xs"
      leftSection={<IconRefresh size={15} stroke={1.6} aria-hidden />}
      onClick={onRetry}
    >
      {strings.states.retry}
    </Button>
  )
}

interface Words {
  readonly mark: HealthState
  readonly title: string
  readonly text: string
}

function wordsFor(
  state: Exclude<Props['state'], { readonly kind: 'loading' }>,
  isOwner: boolean,
  windowSeconds: number,
): Words {
  const { states } = strings
  switch (state.kind) {
    case 'unreachable':
      return { mark: 'failing', title: states.unreachable.title, text: states.unreachable.text }
    case 'nothingVisible':
      return { mark: 'unknown', title: states.nothingVisible.title, text: states.nothingVisible.text }
    case 'noPrometheus':
      return { mark: 'failing', title: states.noPrometheus.title, text: states.noPrometheus.text }
    case 'forbidden':
      return { mark: 'unknown', title: states.forbidden, text: state.cause }
    case 'failed':
      return { mark: 'failing', title: states.loadFailed, text: state.cause }
    case 'noIstio': {
      const isKnown = isOwner && state.isCertain
      return {
        mark: 'idle',
        title: states.noIstio.title,
        text: isKnown ? states.noIstio.text : states.noIstio.textMember,
      }
    }
    case 'noMetrics':
      return { mark: 'unknown', title: states.noMetrics.title, text: states.noMetrics.text }
    case 'noTraffic':
      return { mark: 'idle', title: states.noTraffic.title, text: states.noTraffic.text(span(windowSeconds)) }
  }
}

/** The thing a member asks a cluster owner about. */
function askAbout(kind: PageState['kind']): string {
  return kind === 'noPrometheus' || kind === 'noIstio' || kind === 'noMetrics' || kind === 'noTraffic'
    ? strings.states[kind].title
    : strings.states.loadFailed
}

/** `list pods in shop-web`, `get graphs.meshboard.io`: as `kubectl auth can-i` takes it. */
function permissionText({ verb, group, resource, namespace, name }: Permission): string {
  const what = `${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : `/${name}`}`
  return `${verb} ${what}${namespace === undefined ? '' : ` in ${namespace}`}`
}

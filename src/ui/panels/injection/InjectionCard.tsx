import { Button, Select, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'

import { HttpError } from '../../../clients/errors.ts'
import type { NamespaceInjection } from '../../../clients/injection/wire.ts'
import { revisionsOf } from '../../../mesh/config/injector.ts'
import type { MeshObjects } from '../../../mesh/config/objects.ts'
import { isRevision, type InjectionChoice } from '../../../mesh/injectionChoice.ts'
import { injectionQuery, useSaveInjection } from '../../queries/injection.ts'
import { objectsQuery } from '../../queries/objects.ts'
import { useView } from '../../view.tsx'
import { Banner } from '../Banner.tsx'
import { DoorHelp } from '../DoorHelp.tsx'
import { stateOfError } from '../state.ts'
import { StateView } from '../StatePanels.tsx'
import classes from './InjectionCard.module.css'
import { choiceFor, optionsFor, other, valueOf } from './options.ts'
import { RestartList } from './RestartList.tsx'
import { injectionStrings as strings } from './strings.ts'

/** What a namespace asks of the injector: to read, to set and clear where the viewer may, and what takes a restart to follow. */
export function InjectionCard({ namespace }: { readonly namespace: string }) {
  const { cluster, isOwner } = useView()
  const titleId = useId()
  const { data, error, refetch } = useQuery(injectionQuery(cluster.name, namespace))
  const { data: known } = useQuery(objectsQuery(cluster.name))
  return (
    <section className={classes['card']} aria-labelledby={titleId}>
      <h2 id={titleId}>{strings.title}</h2>
      {data === undefined ? (
        error === null ? (
          <Skeleton height={96} />
        ) : (
          <StateView state={stateOfError(error)} isOwner={isOwner} onRetry={() => void refetch()} headingLevel={3} />
        )
      ) : (
        <Form key={namespace} namespace={namespace} injection={data} objects={known?.objects} />
      )}
    </section>
  )
}

interface Props {
  readonly namespace: string
  readonly injection: NamespaceInjection
  /** Absent: not read yet, or at all. */
  readonly objects: MeshObjects | undefined
}

function Form({ namespace, injection: { choice: saved, version, door }, objects }: Props) {
  const { cluster } = useView()
  const save = useSaveInjection(cluster.name, namespace)
  const [picked, setPicked] = useState<string>()
  const [typed, setTyped] = useState('')
  const revisions = objects?.injector === undefined ? undefined : revisionsOf(objects.injector)
  const options = optionsFor(revisions, saved)
  const value = picked ?? valueOf(saved)
  const chosen: InjectionChoice | undefined =
    choiceFor(value) ?? (isRevision(typed) ? { kind: 'revision', revision: typed } : undefined)
  const isDraft = picked !== undefined && (chosen === undefined || valueOf(chosen) !== valueOf(saved))
  const isConflict = codeOf(save.error) === 'injection_conflict'
  const discard = () => {
    setPicked(undefined)
    setTyped('')
    save.reset()
  }
  const submit = () => {
    if (chosen === undefined) return
    save.mutate({ choice: chosen, version }, { onSuccess: () => setPicked(undefined) })
  }
  return (
    <>
      <div className={classes['fields']}>
        <Select
          label={strings.label}
          data={[...options]}
          value={value}
          disabled={!door.allowed}
          allowDeselect={false}
          comboboxProps={{ withinPortal: false, transitionProps: { duration: 0 } }}
          onChange={(next) => {
            if (save.isSuccess) save.reset()
            setPicked(next ?? undefined)
          }}
        />
        {value === other && (
          <TextInput
            label={strings.otherLabel}
            description={revisions === undefined ? strings.otherHint : undefined}
            value={typed}
            error={typed === '' || isRevision(typed) ? undefined : strings.notARevision}
            spellCheck={false}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </div>
      {isConflict && (
        <Banner tone="degraded">
          {strings.conflict} <strong>{options.find((each) => each.value === valueOf(saved))?.label}</strong>.{' '}
          {strings.conflictHint}
        </Banner>
      )}
      {save.error !== null && !isConflict && <Banner tone="failing">{save.error.message}</Banner>}
      {save.isSuccess && !isDraft && <Banner>{strings.saved}</Banner>}
      {isDraft && <p className={classes['muted']}>{strings.needsRestart}</p>}
      {chosen !== undefined && (
        <RestartList namespace={namespace} choice={chosen} isDraft={isDraft} objects={objects} />
      )}
      {door.allowed ? (
        isDraft && (
          <div className={classes['actions']}>
            <Button size="xs" disabled={chosen === undefined} loading={save.isPending} onClick={submit}>
              {strings.save}
            </Button>
            <Button size="xs" variant="default" onClick={discard}>
              {strings.discard}
            </Button>
          </div>
        )
      ) : (
        <>
          <p className={classes['muted']}>{door.reason}</p>
          {door.grant !== undefined && (
            <details className={classes['muted']}>
              <summary>{strings.grant}</summary>
              <DoorHelp door={door} />
            </details>
          )}
        </>
      )}
    </>
  )
}

function codeOf(error: Error | null): string | undefined {
  return error instanceof HttpError && error.failure.kind === 'meshboard' ? error.failure.body.error.code : undefined
}

import { Button, Checkbox, MultiSelect, TagsInput } from '@mantine/core'
import { useId, useState } from 'react'

import { HttpError } from '../../../clients/errors.ts'
import type { OpenedAccess } from '../../../clients/settings/wire.ts'
import { Banner } from '../../panels/Banner.tsx'
import { useSaveAccess } from '../../queries/settings.ts'
import { useView } from '../../view.tsx'
import { audienceOf, audienceWords, fieldsOf, holderOptions, type AudienceFields } from './audience.ts'
import classes from './SettingsPage.module.css'
import { settingsStrings as strings } from './strings.ts'

interface Props {
  readonly access: OpenedAccess
  readonly mayEdit: boolean
  /** Rancher's projects, for the choice of role holders. */
  readonly projects: readonly string[]
}

/** Who may have one thing: read from the cluster, written to it. What is typed stays while somebody else's save arrives. */
export function AccessForm({ access, mayEdit, projects }: Props) {
  const { cluster } = useView()
  const titleId = useId()
  const { opened, audience, version, objects, foreign, since, missing } = access
  const [draft, setDraft] = useState<AudienceFields>()
  const save = useSaveAccess(cluster.name, opened)
  const fields = draft ?? fieldsOf(audience)
  const change = (part: Partial<AudienceFields>) => setDraft({ ...fields, ...part })
  const submit = () => save.mutate({ audience: audienceOf(fields), version }, { onSuccess: () => setDraft(undefined) })
  const isConflict = save.error !== null && codeOf(save.error) === 'settings_conflict'
  const isOff = !mayEdit || missing !== undefined
  return (
    <section className={classes['card']} aria-labelledby={titleId}>
      <h3 id={titleId} className={classes['cardTitle']}>
        {strings.opened[opened]}
      </h3>
      <p className={classes['muted']}>{missing ?? strings.explained[opened]}</p>
      <Checkbox
        label={strings.everybody}
        checked={fields.everybody}
        disabled={isOff}
        onChange={(event) => change({ everybody: event.currentTarget.checked })}
      />
      <TagsInput
        label={strings.groups}
        placeholder={isOff ? '' : strings.typeAndEnter}
        value={[...fields.groups]}
        disabled={isOff}
        acceptValueOnBlur
        onChange={(groups) => change({ groups })}
      />
      <TagsInput
        label={strings.users}
        description={strings.usersHint}
        placeholder={isOff ? '' : strings.typeAndEnter}
        value={[...fields.users]}
        disabled={isOff}
        acceptValueOnBlur
        onChange={(users) => change({ users })}
      />
      <MultiSelect
        label={strings.holders}
        description={strings.holdersHint}
        data={[...holderOptions(projects)]}
        value={[...fields.holders]}
        disabled={isOff}
        onChange={(holders) => change({ holders })}
      />
      {isConflict && (
        <Banner tone="degraded">
          {strings.conflict} <strong>{audienceWords(audience)}</strong>. {strings.conflictHint}
        </Banner>
      )}
      {save.error !== null && !isConflict && <Banner tone="failing">{save.error.message}</Banner>}
      {save.isSuccess && draft === undefined && <Banner>{strings.saved}</Banner>}
      {since.length > 0 && <Banner tone="degraded">{strings.since(since)}</Banner>}
      {mayEdit && (
        <div className={classes['actions']}>
          <Button
            size="xs"
            disabled={isOff || (draft === undefined && since.length === 0)}
            loading={save.isPending}
            onClick={submit}
          >
            {strings.save}
          </Button>
          {draft !== undefined && (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setDraft(undefined)
                save.reset()
              }}
            >
              {strings.discard}
            </Button>
          )}
        </div>
      )}
      <details className={classes['muted']}>
        <summary>{strings.objects}</summary>
        {objects.length === 0 ? <p>{strings.noObjects}</p> : <Lines lines={objects} />}
        {foreign.length > 0 && (
          <>
            <p>{strings.foreign}</p>
            <Lines lines={foreign} />
          </>
        )}
      </details>
    </section>
  )
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul className={classes['lines']}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}

function codeOf(error: Error): string | undefined {
  return error instanceof HttpError && error.failure.kind === 'meshboard' ? error.failure.body.error.code : undefined
}

import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'

import { HttpError } from '../../../clients/errors.ts'
import type { MeshSettingsAnswer } from '../../../clients/settings/meshWire.ts'
import { toolNames } from '../../../mesh/tools.ts'
import { Banner } from '../../panels/Banner.tsx'
import { useSaveMeshSettings } from '../../queries/settings.ts'
import { useView } from '../../view.tsx'
import { Clashes } from './Clashes.tsx'
import {
  changedDraft,
  changeOf,
  clashesOf,
  complaintsByField,
  fieldsOf,
  meshFields,
  movedIn,
  placeText,
  type Draft,
  type MeshField,
} from './meshFields.ts'
import { meshStrings as strings } from './meshStrings.ts'
import { SettingsProblem } from './SettingsProblem.tsx'
import classes from './SettingsPage.module.css'

/** What owners decide for everybody: read from one ConfigMap, written to it. What is typed stays while somebody else's save arrives. */
export function MeshForm({ answer }: { readonly answer: MeshSettingsAnswer }) {
  const { cluster } = useView()
  const { configured, place, problem, mayEdit, note } = answer
  const [draft, setDraft] = useState<Draft>()
  const save = useSaveMeshSettings(cluster.name)
  const current = fieldsOf(answer)
  const shown = { ...current, ...draft?.changed }
  const clashes = draft === undefined ? [] : clashesOf(draft, current)
  const moved = draft === undefined ? [] : movedIn(draft, current)
  const isInvalid = codeOf(save.error) === 'settings_invalid'
  const complaints = complaintsByField(isInvalid ? (save.error?.message ?? '') : '')

  const change = (field: MeshField, text: string) => {
    if (save.isError || save.isSuccess) save.reset()
    setDraft(changedDraft(draft, current, field, text))
  }
  const submit = () =>
    save.mutate(changeOf(shown, answer.version ?? ''), {
      onSuccess: () => setDraft(undefined),
    })
  const takeTheirs = (field: MeshField) => {
    if (draft === undefined) return
    const { [field]: _, ...changed } = draft.changed
    setDraft(Object.keys(changed).length === 0 ? undefined : { ...draft, changed })
  }
  const common = (field: MeshField) => ({
    label: strings.fields[field],
    value: shown[field],
    disabled: !mayEdit,
    error: complaints.get(field)?.join(' '),
  })
  const select = (field: MeshField, choices: Readonly<Record<string, string>>, nothing: string, hint?: string) => (
    <Select
      {...common(field)}
      {...(hint === undefined ? {} : { description: hint })}
      data={optionsOf(choices, nothing, shown[field])}
      allowDeselect={false}
      comboboxProps={{ withinPortal: false, transitionProps: { duration: 0 } }}
      onChange={(value) => change(field, value ?? '')}
    />
  )
  const general = complaints.get(undefined) ?? []
  const failure = save.error !== null && !isInvalid && codeOf(save.error) !== 'settings_conflict' ? save.error : null
  return (
    <>
      {note !== undefined && <Banner>{note}</Banner>}
      {problem !== undefined && <SettingsProblem problem={problem} place={place} />}
      <div className={classes['cards']}>
        <Group title={strings.groups.tools} hint={strings.toolsHint}>
          {toolNames.map((name) => (
            <TextInput
              key={name}
              {...common(name)}
              placeholder={
                configured.tools[name] === undefined
                  ? strings.found
                  : strings.configured(placeText(configured.tools[name]))
              }
              spellCheck={false}
              onChange={(event) => change(name, event.currentTarget.value)}
            />
          ))}
        </Group>
        <Group title={strings.groups.peers} hint={strings.peersHint}>
          {select('peers', strings.peers, strings.asConfigured(configured.peers))}
        </Group>
        <Group title={strings.groups.defaults} hint={strings.defaultsHint}>
          {select('page', strings.pages, strings.firstOpen)}
          {select('window', strings.spans, strings.asEachPage)}
          {select('refresh', strings.refreshes, strings.asEachPage)}
          {select('theme', strings.themes, strings.asSystem)}
        </Group>
      </div>
      <div className={classes['cards']}>
        <Group title={strings.fields.health} hint={strings.healthHint}>
          <Textarea
            {...common('health')}
            aria-label={strings.fields.health}
            label={undefined}
            placeholder={strings.healthExample}
            classNames={{ input: classes['code'] ?? '' }}
            rows={Math.min(20, Math.max(4, shown.health.split('\n').length))}
            resize="vertical"
            spellCheck={false}
            onChange={(event) => change('health', event.currentTarget.value)}
          />
        </Group>
      </div>
      {general.length > 0 && (
        <Banner tone="failing">
          {strings.refused} {general.join(' ')}
        </Banner>
      )}
      {failure !== null && <Banner tone="failing">{failure.message}</Banner>}
      {moved.length > 0 && (
        <Banner tone="degraded">{strings.moved(moved.map((field) => strings.fields[field]))}</Banner>
      )}
      {clashes.length > 0 && <Clashes clashes={clashes} onTakeTheirs={takeTheirs} />}
      {save.isSuccess && draft === undefined && <Banner>{strings.saved}</Banner>}
      {mayEdit && (
        <div className={classes['bar']}>
          <Button
            size="xs"
            disabled={draft === undefined && problem === undefined}
            loading={save.isPending}
            onClick={submit}
          >
            {strings.save}
          </Button>
          {draft !== undefined && (
            <>
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
              <span className={classes['muted']}>
                {strings.unsaved(
                  meshFields
                    .filter((field) => draft.changed[field] !== undefined)
                    .map((field) => strings.fields[field]),
                )}
              </span>
            </>
          )}
        </div>
      )}
    </>
  )
}

interface GroupProps {
  readonly title: string
  readonly hint: string
  readonly children: ReactNode
}

function Group({ title, hint, children }: GroupProps) {
  return (
    <section className={classes['card']} aria-label={title}>
      <h3 className={classes['cardTitle']}>{title}</h3>
      <p className={classes['muted']}>{hint}</p>
      {children}
    </section>
  )
}

/** The choices, what nothing means, and what was written by hand and is none of them. */
function optionsOf(choices: Readonly<Record<string, string>>, nothing: string, value: string) {
  const known = Object.entries(choices).map(([each, label]) => ({ value: each, label }))
  const own = value === '' || Object.hasOwn(choices, value) ? [] : [{ value, label: value }]
  return [{ value: '', label: nothing }, ...known, ...own]
}

function codeOf(error: Error | null): string | undefined {
  return error instanceof HttpError && error.failure.kind === 'meshboard' ? error.failure.body.error.code : undefined
}

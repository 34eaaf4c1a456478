import { Button } from '@mantine/core'

import { configKinds } from '../../../mesh/checks/kinds.ts'
import { Banner } from '../../panels/Banner.tsx'
import inventoryClasses from '../../panels/inventory/Inventory.module.css'
import { strings as shared } from '../../strings.ts'
import { strings } from './strings.ts'
import type { Config } from './useConfig.ts'

interface Props {
  readonly config: Config
  /** Why the newest reading failed. */
  readonly error: Error | null
  readonly onRetry: () => void
}

/** What the objects on the page leave out: an older reading, lists that were refused, objects that could not be read. */
export function ConfigNotes({ config: { known, unnamed }, error, onRetry }: Props) {
  const refused = new Map<string, { readonly kind: string; readonly status: number; readonly namespaces: string[] }>()
  for (const { kind, status, namespace } of known.missing) {
    const key = `${kind} ${status}`
    const group = refused.get(key) ?? { kind, status, namespaces: [] }
    if (namespace !== undefined) group.namespaces.push(namespace)
    refused.set(key, group)
  }
  // Kinds that are decoded say it themselves; those that are only listed are counted here.
  const unreadable = [
    ...known.skipped.map(({ reason, count }) => `${count} × ${reason}`),
    ...[...unnamed]
      .filter(([resource]) => known.skipped.every(({ reason }) => !reason.startsWith(`${resource}:`)))
      .map(([resource, count]) => strings.unnamed(configKinds[resource].title, count)),
  ]
  return (
    <>
      {error !== null && (
        <Banner
          tone="degraded"
          actions={
            <Button variant="outline" size="xs" onClick={onRetry}>
              {shared.states.retry}
            </Button>
          }
        >
          {strings.stale(error.message)}
        </Banner>
      )}
      {known.namespaces !== null && (
        <p className={inventoryClasses['note']}>{strings.ownOnly(known.namespaces.length)}</p>
      )}
      {refused.size > 0 && (
        <p className={inventoryClasses['note']}>
          {strings.notRead(
            [...refused.values()]
              .map(({ kind, status, namespaces }) => strings.notReadKind(kind, status, namespaces))
              .join('; '),
          )}
        </p>
      )}
      {unreadable.length > 0 && <p className={inventoryClasses['note']}>{strings.unreadable(unreadable)}</p>}
    </>
  )
}

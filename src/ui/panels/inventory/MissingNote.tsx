import { Button } from '@mantine/core'

import type { MissingObjects } from '../../../clients/kubernetes/objects.ts'
import { Banner } from '../Banner.tsx'
import classes from './Inventory.module.css'
import { missingWords } from './missingWords.ts'
import { strings } from './strings.ts'

interface Props {
  readonly missing: readonly MissingObjects[]
  readonly onRetry: () => void
}

/** What of Kubernetes is not in what stands below: refused lists in a quiet line, failed ones louder and with another try. */
export function MissingNote({ missing, onRetry }: Props) {
  const { refused, halves, failed } = missingWords(missing)
  const failures = [...halves, ...(failed.length === 0 ? [] : [strings.failedLists(failed)])]
  return (
    <>
      {failures.length > 0 && (
        <Banner
          tone="degraded"
          actions={
            <Button size="xs" variant="outline" onClick={onRetry}>
              {strings.retry}
            </Button>
          }
        >
          {failures.join(' ')}
        </Banner>
      )}
      {refused.length > 0 && <p className={classes['note']}>{strings.missing(refused)}</p>}
    </>
  )
}

import { IconCheck, IconLock, IconMinus } from '@tabler/icons-react'

import type { ToolState } from '../../../clients/tools/wire.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'

/** A tool's state as a shape: a tick, an octagon, a padlock, a dash. Words stand beside it. */
export function ToolMark({ state, size = 16 }: { readonly state: ToolState; readonly size?: number }) {
  const icon = { size, stroke: 1.6, 'aria-hidden': true } as const
  switch (state) {
    case 'open':
      return <IconCheck {...icon} />
    case 'down':
      return <HealthMark state="failing" size={size} isDecorative />
    case 'locked':
      return <IconLock {...icon} />
    case 'missing':
      return <IconMinus {...icon} />
  }
}

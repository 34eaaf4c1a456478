import { Button } from '@mantine/core'
import { Component, type ReactNode } from 'react'

import { StatePanel } from '../panels/StatePanel.tsx'
import { strings } from '../strings.ts'

interface State {
  readonly error: Error | undefined
}

/** Catches what a page throws while drawing, so that frame and other pages live on; says what it was and offers another try. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: undefined }

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <StatePanel
        mark="failing"
        title={strings.broken.title}
        text={strings.broken.text}
        cause={error.message}
        actions={
          <Button variant="outline" onClick={() => this.setState({ error: undefined })}>
            {strings.broken.again}
          </Button>
        }
      />
    )
  }
}

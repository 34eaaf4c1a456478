import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'react-router'

import { CopyButton } from '../kit/CopyButton.tsx'
import { LoadingPanel, StateView } from '../panels/StatePanels.tsx'
import { stateOfError } from '../panels/state.ts'
import { loginPageQuery, useLogIn } from '../queries/session.ts'
import { strings } from '../strings.ts'
import { Logo } from './Logo.tsx'
import classes from './LoginPage.module.css'

/** Where somebody whom the server does not know becomes somebody; `error` is what the server said. */
export function LoginPage({ error }: { readonly error: Error | null }) {
  const page = useQuery(loginPageQuery)
  const logIn = useLogIn({ staysHere: useLocation().pathname !== '/login' })
  const [token, setToken] = useState('')
  const [cluster, setCluster] = useState<string>()

  if (page.data === undefined || ['bearer', 'open', 'kubeconfig'].includes(page.data.mode)) {
    return (
      <main style={{ height: '100%', display: 'flex' }}>
        {page.isPending ? (
          <LoadingPanel />
        ) : (
          <StateView
            state={stateOfError(page.error ?? error ?? new Error(strings.login.nobody))}
            isOwner={false}
            onRetry={() => void page.refetch()}
            headingLevel={1}
          />
        )}
      </main>
    )
  }
  const { clusters, personas } = page.data
  const chosen = cluster ?? clusters[0]?.name
  return (
    <main className={classes['page']}>
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault()
          logIn.mutate({ token, ...(chosen === undefined ? {} : { cluster: chosen }) })
        }}
      >
        <Logo />
        <h1 className={classes['title']}>{strings.login.title}</h1>
        <p className={classes['muted']}>{strings.login.about}</p>
        {clusters.length > 1 && (
          <NativeSelect
            label={strings.login.cluster}
            value={chosen ?? ''}
            data={clusters.map(({ name, label }) => ({ value: name, label }))}
            onChange={({ currentTarget }) => setCluster(currentTarget.value)}
          />
        )}
        <TextInput
          type="password"
          label={strings.login.token}
          value={token}
          required
          withAsterisk={false}
          autoComplete="off"
          spellCheck={false}
          onChange={({ currentTarget }) => setToken(currentTarget.value)}
        />
        {logIn.error !== null && (
          <p className={classes['failure']} role="alert">
            {logIn.error.message}
          </p>
        )}
        <Button type="submit" loading={logIn.isPending}>
          {strings.login.submit}
        </Button>
        <p className={classes['muted']}>{strings.login.safety}</p>
        {personas.length > 0 && (
          <div className={classes['personas']}>
            <p>{strings.login.personas}</p>
            {personas.map(({ id, label }) => (
              <Button key={id} variant="default" size="xs" onClick={() => logIn.mutate({ persona: id })}>
                {strings.login.persona(label)}
              </Button>
            ))}
          </div>
        )}
        <h2 className={classes['how']}>{strings.login.how}</h2>
        <p className={classes['muted']}>{strings.login.rancher}</p>
        <p className={classes['muted']}>{strings.login.kubectl}</p>
        <div className={classes['command']}>
          <code>{strings.login.command}</code>
          <CopyButton text={strings.login.command} />
        </div>
      </form>
    </main>
  )
}

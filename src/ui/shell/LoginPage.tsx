import { Anchor, Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'react-router'

import { CopyButton } from '../kit/CopyButton.tsx'
import { LoadingPanel, StateView } from '../panels/StatePanels.tsx'
import { stateOfError } from '../panels/state.ts'
import { rancherKeysPage, rancherQuery } from '../queries/rancher.ts'
import { loginPageQuery, useLogIn } from '../queries/session.ts'
import { strings } from '../strings.ts'
import { Logo } from './Logo.tsx'
import { sharedWords } from '../url.ts'
import { useUrlState } from '../urlState.tsx'
import classes from './LoginPage.module.css'

/** Where somebody whom the server does not know becomes somebody; `error` is what the server said. */
export function LoginPage({ error }: { readonly error: Error | null }) {
  const page = useQuery(loginPageQuery)
  const logIn = useLogIn({ staysHere: useLocation().pathname !== '/login' })
  const [token, setToken] = useState('')
  const [cluster, setCluster] = useState(useUrlState(sharedWords).state.cluster)

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
  const chosen = (clusters.find(({ name }) => name === cluster) ?? clusters[0])?.name
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
        <WhyNotByRancher />
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
        <HowToGetOne takes={clusters.find(({ name }) => name === chosen)?.takes ?? 'kubernetes'} />
      </form>
    </main>
  )
}

/** Behind Rancher: what this person lacks to be known by its session. */
function WhyNotByRancher() {
  const { data } = useQuery(rancherQuery)
  if (data?.kind !== 'closed') return null
  return (
    <div className={classes['rancher']} role="note">
      <p>{strings.login.rancherKnows(data.name)}</p>
      <p className={classes['muted']}>{strings.login.rancherMissing(data.reason)}</p>
      <div className={classes['command']}>
        <code>{data.check}</code>
        <CopyButton text={data.check} />
      </div>
    </div>
  )
}

function HowToGetOne({ takes }: { readonly takes: 'kubernetes' | 'rancher' }) {
  const page = rancherKeysPage(window.location.href)
  if (takes === 'kubernetes') {
    return (
      <>
        <p className={classes['muted']}>{page === undefined ? strings.login.kubectl : strings.login.kubectlOnly}</p>
        <div className={classes['command']}>
          <code>{strings.login.command}</code>
          <CopyButton text={strings.login.command} />
        </div>
      </>
    )
  }
  return (
    <>
      <p className={classes['muted']}>{strings.login.rancher}</p>
      {page !== undefined && (
        <Anchor href={page} target="_blank" rel="noopener" size="sm">
          {strings.login.rancherPage}
        </Anchor>
      )}
    </>
  )
}

import type { ObjectName } from '../../../mesh/checks/finding.ts'
import { objectKey, type ListedObject } from '../../../mesh/checks/listed.ts'
import type { Reference } from '../../../mesh/checks/references.ts'
import { ConfigMark } from './ConfigMark.tsx'
import classes from './IstioConfig.module.css'
import { ObjectLink } from './ObjectLink.tsx'
import { strings } from './strings.ts'

/** More than a reader follows; the rest is counted. */
const most = 50

interface Props {
  readonly object: ObjectName
  readonly references: readonly Reference[]
  readonly listed: ReadonlyMap<string, ListedObject>
}

/** What an object refers to and what refers to it, each with its own state where it has one. */
export function References({ object, references, listed }: Props) {
  const key = objectKey(object)
  const { object: words } = strings
  const to = references.filter(({ from }) => objectKey(from) === key)
  const by = references.filter(({ to: target }) => objectKey(target) === key)
  return (
    <div className={classes['references']}>
      <Side title={words.refersTo} none={words.refersToNothing} count={to.length}>
        {to.slice(0, most).map(({ how, to: target, state }) => (
          <li key={`${how} ${objectKey(target)}`} data-state={state}>
            <span>
              {how} <ObjectLink object={target} from={object.namespace} />
              {state !== 'found' && (
                <em data-state={state}> {target.kind === 'DestinationRule' ? words.noSubset : words[state]}</em>
              )}
            </span>
            <Trouble one={listed.get(objectKey(target))} />
          </li>
        ))}
      </Side>
      <Side title={words.referredBy} none={words.referredByNothing} count={by.length}>
        {by.slice(0, most).map(({ how, from }) => (
          <li key={`${how} ${objectKey(from)}`}>
            <span>
              <ObjectLink object={from} from={object.namespace} /> {how} {words.it}
            </span>
            <Trouble one={listed.get(objectKey(from))} />
          </li>
        ))}
      </Side>
    </div>
  )
}

interface SideProps {
  readonly title: string
  readonly none: string
  readonly count: number
  readonly children: React.ReactNode
}

function Side({ title, none, count, children }: SideProps) {
  return (
    <section className={classes['box']} aria-label={title}>
      <h2>{title}</h2>
      {count === 0 ? <p className={classes['muted']}>{none}</p> : <ul className={classes['plain']}>{children}</ul>}
      {count > most && <p className={classes['muted']}>{strings.object.more(count - most)}</p>}
    </section>
  )
}

function Trouble({ one }: { readonly one: ListedObject | undefined }) {
  if (one === undefined || one.findings.length === 0) return null
  return <ConfigMark state={one.state} count={one.findings.length} />
}

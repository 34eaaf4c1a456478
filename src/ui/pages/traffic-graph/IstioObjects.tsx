import type { Badge } from '../../../mesh/graph.ts'
import { Section } from './Section.tsx'
import classes from './SidePanel.module.css'
import { graphStrings } from './strings.ts'

/** As people abbreviate them; other kinds are written out. */
const short: Readonly<Record<string, string>> = {
  virtualservice: 'VS',
  destinationrule: 'DR',
  peerauthentication: 'PA',
  authorizationpolicy: 'AP',
  serviceentry: 'SE',
  gateway: 'GW',
  sidecar: 'SC',
  envoyfilter: 'EF',
}

/** The Istio objects in play, each with what it does here. */
export function IstioObjects({ badges }: { readonly badges: readonly Badge[] }) {
  if (badges.length === 0) return null
  const objects = new Map<string, Set<string>>()
  for (const { objects: ids, text } of badges) {
    for (const id of ids) objects.set(id, (objects.get(id) ?? new Set()).add(text))
  }
  const loose = badges.filter(({ objects: ids }) => ids.length === 0)
  return (
    <Section title={graphStrings.panel.istio}>
      <ul className={classes['objects']}>
        {[...objects].map(([id, texts]) => {
          const [kind = '', namespace = '', ...name] = id.split('/')
          return (
            <li key={id}>
              <span className={classes['object']} title={`${kind} ${name.join('/')}, ${namespace}`}>
                <small>{short[kind.toLowerCase()] ?? kind}</small> {name.join('/')}
              </span>
              {[...texts].join(' ')}
            </li>
          )
        })}
        {loose.map(({ kind, text }) => (
          <li key={`${kind} ${text}`}>{text}</li>
        ))}
      </ul>
    </Section>
  )
}

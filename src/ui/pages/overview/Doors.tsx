import { Link, useLocation } from 'react-router'

import type { FrontDoor } from '../../../mesh/frontDoors.ts'
import { shellWord } from '../../../mesh/shellWord.ts'
import { dash, percent, rate } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { Measure } from '../../kit/Measure.tsx'
import { detailsPlace } from '../../panels/links.ts'
import { strings as listStrings } from '../../panels/inventory/strings.ts'
import classes from './OverviewPage.module.css'
import { strings } from './strings.ts'

interface Props {
  /** `undefined`: Kubernetes could not be read. */
  readonly doors: readonly FrontDoor[] | undefined
  /** Whether an egress gateway would be among them if there were one. */
  readonly seesAll: boolean
}

/** Where calls enter and leave: ingress controllers and Istio's gateways, with hosts, replicas and rate. */
export function Doors({ doors, seesAll }: Props) {
  const { search } = useLocation()
  const { doors: words } = strings
  const secrets = [...new Set((doors ?? []).flatMap((door) => door.secrets ?? []))].sort()
  const hasEgress = doors?.some(({ kind }) => kind === 'egress') === true
  return (
    <section className={classes['card']} aria-label={words.title}>
      <div className={classes['cardHead']}>
        <h2>{words.title}</h2>
      </div>
      {doors === undefined ? (
        <p className={classes['said2']}>{words.unknown}</p>
      ) : (
        <div className={classes['wide']} tabIndex={0} role="group" aria-label={words.title}>
          <table className={classes['table']}>
            <thead>
              <tr>
                <th scope="col">{words.door}</th>
                <th scope="col">{words.hosts}</th>
                <th scope="col" data-number>
                  {words.replicas}
                </th>
                <th scope="col" data-number>
                  {words.requests}
                </th>
                <th scope="col" data-number>
                  {words.errors}
                </th>
              </tr>
            </thead>
            <tbody>
              {doors.map(({ kind, namespace, name, hosts, replicas, rate: perSecond, errorRatio, health }) => (
                <tr key={`${kind}/${namespace ?? ''}/${name}`}>
                  <td>
                    <span className={classes['doorName']}>
                      <HealthMark state={health?.state ?? 'unknown'} />
                      {namespace === undefined ? (
                        <span>{name}</span>
                      ) : (
                        <Link to={detailsPlace('workload', { namespace, name }, search)}>{name}</Link>
                      )}
                      <small>{words.kinds[kind]}</small>
                    </span>
                  </td>
                  <td data-column="hosts" title={hosts.join('\n')}>
                    {hosts.length === 0 ? dash : hosts.join(', ')}
                  </td>
                  <td data-number>
                    {replicas === undefined ? dash : listStrings.replicas(replicas.available, replicas.desired)}
                  </td>
                  <td data-number>
                    <Measure quantity={rate(perSecond)} />
                  </td>
                  <td data-number>
                    <Measure quantity={percent(errorRatio)} />
                  </td>
                </tr>
              ))}
              {doors.length === 0 && (
                <tr>
                  <td className={classes['muted']} colSpan={5}>
                    {words.none}
                  </td>
                </tr>
              )}
              {!hasEgress && (
                <tr>
                  <td className={classes['muted']}>{words.egress}</td>
                  <td className={classes['muted']} colSpan={4}>
                    {seesAll ? words.noEgress : words.notVisible}
                  </td>
                </tr>
              )}
            </tbody>
          </table>
        </div>
      )}
      {secrets.length > 0 && (
        <p className={classes['said2']}>
          {words.secrets(secrets)} <code>{endOfCertificate(secrets[0] ?? '')}</code>
        </p>
      )}
    </section>
  )
}

/**
 * The command that tells when the certificate in a Secret, `namespace/name`, ends. What a Gateway calls its Secret is a tenant's text, not a
 * name that Kubernetes has seen: it is one word, and `secret/` before it keeps kubectl from reading an option.
 */
function endOfCertificate(secret: string): string {
  const slash = secret.indexOf('/')
  const [namespace, name] = [secret.slice(0, slash), secret.slice(slash + 1)]
  return `kubectl -n ${shellWord(namespace)} get ${shellWord(`secret/${name}`)} -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl x509 -noout -enddate`
}

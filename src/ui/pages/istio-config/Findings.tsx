import { Link, useLocation } from 'react-router'

import { checkCodes } from '../../../mesh/checks/codes.ts'
import type { ConfigFinding } from '../../../mesh/checks/finding.ts'
import { objectKey } from '../../../mesh/checks/listed.ts'
import { sharedSearch } from '../../panels/links.ts'
import { ConfigMark } from './ConfigMark.tsx'
import classes from './IstioConfig.module.css'
import { ObjectLink } from './ObjectLink.tsx'
import { strings } from './strings.ts'

/** One object's findings: what, why it matters, what to do, where, and who else is part of it. */
export function Findings({ findings }: { readonly findings: readonly ConfigFinding[] }) {
  return (
    <ul className={classes['findings']}>
      {findings.map((one) => (
        <Finding key={`${one.code} ${one.path ?? ''} ${one.message}`} finding={one} />
      ))}
    </ul>
  )
}

function Finding({ finding }: { readonly finding: ConfigFinding }) {
  const { search } = useLocation()
  const { code, severity, message, path, object, others = [] } = finding
  const { title, cause, cure, source } = checkCodes[code]
  const { object: words } = strings
  return (
    <li className={classes['finding']} data-severity={severity}>
      <div className={classes['findingHead']}>
        <h3>{title}</h3>
        <ConfigMark state={severity} />
      </div>
      <p className={classes['message']}>{message}</p>
      <dl>
        {path !== undefined && (
          <div>
            <dt>{words.where}</dt>
            <dd>
              <code>{path}</code>
            </dd>
          </div>
        )}
        <div>
          <dt>{words.cause}</dt>
          <dd>{cause}</dd>
        </div>
        <div>
          <dt>{words.cure}</dt>
          <dd>{cure}</dd>
        </div>
        {others.length > 0 && (
          <div>
            <dt>{words.others}</dt>
            <dd>
              <ul className={classes['plain']}>
                {others.map((other) => (
                  <li key={objectKey(other)}>
                    <ObjectLink object={other} from={object.namespace} />
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
      </dl>
      <p className={classes['sources']}>
        <Link to={{ pathname: '/istio/checks', search: sharedSearch(search), hash: code }}>
          {words.aboutCode(code)}
        </Link>
        <a href={source} target="_blank" rel="noreferrer">
          {words.source}
        </a>
      </p>
    </li>
  )
}

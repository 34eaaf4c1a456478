import { useEffect } from 'react'
import { Link, useLocation } from 'react-router'

import { checkCodes, type CheckId } from '../../../mesh/checks/codes.ts'
import { sharedSearch } from '../../panels/links.ts'
import { PageHead } from '../../panels/PageHead.tsx'
import { ConfigMark } from './ConfigMark.tsx'
import classes from './IstioConfig.module.css'
import { strings } from './strings.ts'

const codes = Object.keys(checkCodes).filter((code): code is CheckId => Object.hasOwn(checkCodes, code))

/** The documentation of the checks, made from the codes themselves; `#MB101` leads to one of them. */
export function ChecksPage() {
  const { hash, search } = useLocation()
  useEffect(() => {
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView()
  }, [hash])
  const groups = [...new Set(codes.map((code) => code.slice(2, 3)))]
  return (
    <div className={classes['page']}>
      <PageHead
        title={strings.checksPage.title}
        summary={<Link to={{ pathname: '/istio', search: sharedSearch(search) }}>{strings.noObject.back}</Link>}
      />
      <div className={classes['document']}>
        <p className={classes['muted']}>{strings.checksPage.intro}</p>
        {groups.map((group) => (
          <section key={group} aria-labelledby={`group-${group}`}>
            <h2 id={`group-${group}`}>{strings.checksPage.groups[group] ?? group}</h2>
            {codes
              .filter((code) => code.slice(2, 3) === group)
              .map((code) => (
                <Check key={code} code={code} isChosen={hash === `#${code}`} />
              ))}
          </section>
        ))}
      </div>
    </div>
  )
}

function Check({ code, isChosen }: { readonly code: CheckId; readonly isChosen: boolean }) {
  const { title, severity, cause, cure, source } = checkCodes[code]
  return (
    <article
      className={classes['check']}
      id={code}
      data-chosen={isChosen || undefined}
      aria-labelledby={`${code}-title`}
    >
      <div className={classes['findingHead']}>
        <h3 id={`${code}-title`}>
          <code>{code}</code> {title}
        </h3>
        <ConfigMark state={severity} />
      </div>
      <dl>
        <div>
          <dt>{strings.object.cause}</dt>
          <dd>{cause}</dd>
        </div>
        <div>
          <dt>{strings.object.cure}</dt>
          <dd>{cure}</dd>
        </div>
      </dl>
      <a href={source} target="_blank" rel="noreferrer">
        {strings.object.source}
      </a>
    </article>
  )
}

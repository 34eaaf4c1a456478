import { Button } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Link, useLocation, useParams } from 'react-router'

import { HttpError } from '../../../clients/errors.ts'
import { isId } from '../../../mesh/traces/jaeger.ts'
import type { Trace } from '../../../mesh/traces/trace.ts'
import { dateTime, duration, inWords } from '../../format.ts'
import detailsClasses from '../../panels/details/Details.module.css'
import { PageHead } from '../../panels/PageHead.tsx'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { LoadingPanel } from '../../panels/StatePanels.tsx'
import { toolBase } from '../../panels/tools/toolPlace.ts'
import { strings } from '../../panels/traces/strings.ts'
import { NoTraces } from '../../panels/traces/Traces.tsx'
import { toolsQuery } from '../../queries/tools.ts'
import { traceQuery } from '../../queries/traces.ts'
import { choiceWord, textWord, writeWords } from '../../url.ts'
import { useUrlState } from '../../urlState.tsx'
import { useView } from '../../view.tsx'
import { SpanDetails } from './SpanDetails.tsx'
import { TraceOnGraph } from './TraceOnGraph.tsx'
import classes from './TracePage.module.css'
import { Waterfall } from './Waterfall.tsx'
import { firstFailures, waterfallOf } from './waterfall.ts'

const { page: words } = strings
const traceWords = { span: textWord(), view: choiceWord(['waterfall', 'graph'] as const, 'waterfall') } as const

/** One trace: its spans as a waterfall, where the failure began, and what each proxy wrote. */
export function TracePage() {
  const { id = '' } = useParams()
  if (!isId(id)) {
    return <StatePanel mark="unknown" title={words.noId.title} text={words.noId.text} headingLevel={1} />
  }
  return <OneTrace id={id} />
}

function OneTrace({ id }: { readonly id: string }) {
  const { cluster } = useView()
  const { data, error, refetch } = useQuery(traceQuery(cluster.name, id))
  if (data === undefined) {
    if (error === null) return <LoadingPanel />
    const isGone = error instanceof HttpError && error.status === 404 && isNotFound(error)
    return (
      <div className={classes['page']}>
        <PageHead title={words.title} subject={id} />
        {isGone ? (
          <StatePanel
            mark="unknown"
            title={error.message}
            text={error.failure.kind === 'meshboard' ? (error.failure.body.error.hint ?? '') : ''}
          />
        ) : (
          <NoTraces error={error} onRetry={() => void refetch()} />
        )}
      </div>
    )
  }
  return <Whole key={id} trace={data.trace} notes={data.notes} />
}

function isNotFound({ failure }: HttpError): boolean {
  return failure.kind === 'meshboard' && failure.body.error.code === 'trace_not_found'
}

function Whole({ trace, notes }: { readonly trace: Trace; readonly notes: readonly string[] }) {
  const { zone, cluster } = useView()
  const { search } = useLocation()
  const { state, choose } = useUrlState(traceWords)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const rows = useMemo(() => waterfallOf(trace, folded), [trace, folded])
  const failures = useMemo(() => firstFailures(trace.spans), [trace])
  const errors = useMemo(() => trace.spans.filter(({ isError }) => isError).length, [trace])
  const chosen = trace.spans.find(({ id }) => id === state.span) ?? failures[0] ?? trace.spans[0]
  const first = trace.spans[0]
  const shown = cluster.capabilities.graph.allowed ? state.view : 'waterfall'

  const fold = (id: string) => {
    const next = new Set(folded)
    if (!next.delete(id)) next.add(id)
    setFolded(next)
  }
  const nextError = () => {
    const place = failures.findIndex(({ id }) => id === chosen?.id)
    setFolded(new Set())
    choose({ span: failures[(place + 1) % failures.length]?.id })
  }
  return (
    <div className={classes['page']}>
      <PageHead
        title={first === undefined || first.isBlank === true ? words.title : first.service}
        subject={trace.id}
        summary={
          <span>
            {dateTime(trace.start, zone)} ·{' '}
            {words.summary(inWords(duration(trace.duration)), trace.spans.length, errors)}
          </span>
        }
        actions={<JaegerLink id={trace.id} />}
      />
      {cluster.capabilities.graph.allowed && (
        <nav className={detailsClasses['parts']} aria-label={words.viewsTitle}>
          {(['waterfall', 'graph'] as const).map((view) => (
            <Link
              key={view}
              to={{ search: writeWords(traceWords, search, { view }) }}
              aria-current={view === shown ? 'page' : undefined}
            >
              {words.views[view]}
            </Link>
          ))}
        </nav>
      )}
      <div className={classes['body']}>
        <div className={classes['tools']}>
          <Button size="xs" variant="default" disabled={failures.length === 0} onClick={nextError}>
            {words.nextError}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={shown === 'graph'}
            onClick={() => setFolded(folded.size > 0 ? new Set() : new Set(parentsOf(trace)))}
          >
            {folded.size > 0 ? words.unfold : words.fold}
          </Button>
          {notes.map((note) => (
            <span key={note}>{note}.</span>
          ))}
        </div>
        <div className={classes['columns']}>
          {shown === 'graph' ? (
            <TraceOnGraph trace={trace} onChoose={({ id }) => choose({ span: id })} />
          ) : (
            <Waterfall
              rows={rows}
              total={trace.duration}
              chosen={chosen?.id}
              onChoose={({ id }) => choose({ span: id })}
              onFold={fold}
            />
          )}
          <SpanDetails span={chosen} trace={trace} />
        </div>
      </div>
    </div>
  )
}

/** All but those at the top: what is left is the trace's first level. */
function parentsOf({ spans }: Trace): readonly string[] {
  const ids = new Set(spans.map(({ id }) => id))
  const parents = new Set(spans.flatMap(({ parent }) => parent ?? []))
  return spans.flatMap(({ id, parent }) => (parents.has(id) && parent !== undefined && ids.has(parent) ? [id] : []))
}

function JaegerLink({ id }: { readonly id: string }) {
  const { cluster } = useView()
  const { data } = useQuery(toolsQuery(cluster.name))
  const jaeger = data?.find(({ name }) => name === 'jaeger')
  const base = jaeger === undefined ? undefined : toolBase(jaeger, document.baseURI)
  if (base === undefined) return null
  return (
    <a className={classes['link']} href={`${base}trace/${id}`} target="_blank" rel="noopener noreferrer">
      {words.toJaeger}
      <IconExternalLink size={13} stroke={1.6} aria-label={words.newTab} />
    </a>
  )
}

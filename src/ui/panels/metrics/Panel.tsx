import { ActionIcon, Button, Skeleton } from '@mantine/core'
import { IconArrowsDiagonal, IconArrowsDiagonalMinimize2, IconCode, IconRefresh } from '@tabler/icons-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'

import { isolated, toggled } from '../../charts/hidden.ts'
import { Legend } from '../../charts/Legend.tsx'
import { withEarlier, type Line } from '../../charts/line.ts'
import type { Mark } from '../../charts/mark.ts'
import { lowest, scaleToOne } from '../../charts/scale.ts'
import { TimeChart } from '../../charts/TimeChart.tsx'
import { instantText } from '../../charts/time.ts'
import type { Zone } from '../../zone.ts'
import type { Affected } from '../../../mesh/doctor/finding.ts'
import { TrustMark } from '../doctor/TrustMark.tsx'
import { MetricsLink } from '../MetricsLink.tsx'
import { StatePanel } from '../StatePanel.tsx'
import type { PanelAnswer } from './answers.ts'
import { mostEarlier } from './compare.ts'
import { isEmpty, type Content } from './content.ts'
import { timesOf } from './exports.ts'
import { formatOf, tickFormatOf } from './numbers.ts'
import classes from './Panel.module.css'
import { PanelMenu } from './PanelMenu.tsx'
import { PanelTable } from './PanelTable.tsx'
import { PromqlDialog } from './PromqlDialog.tsx'
import { strings } from './strings.ts'
import type { PanelId } from './words.ts'

/** What a doubtful panel's numbers are. */
const affectedOf: Readonly<Record<PanelId, Affected>> = {
  success: 'errors',
  volume: 'requests',
  '4xx': 'errors',
  '5xx': 'errors',
  duration: 'latency',
  messages: 'requests',
  tcp: 'tcp',
  connections: 'tcp',
}

interface Props {
  readonly id: PanelId
  readonly title: string
  readonly answer: PanelAnswer
  readonly zone: Zone
  readonly isWide: boolean
  /** Absent where there is nothing beside it to widen over. */
  readonly onWiden?: () => void
  readonly onZoom: (from: number, to: number) => void
  /** What happened meanwhile. */
  readonly marks: readonly Mark[]
  /** What the values are meant to stay above. */
  readonly objective?: number | undefined
  /** Lines stand for services, which have pages of their own. */
  readonly areServices?: boolean
}

/** One panel: its title and unit, the legend with its numbers, the chart or the table, and its own states; it fails alone. */
export function Panel({
  id,
  title,
  answer,
  zone,
  isWide,
  onWiden,
  onZoom,
  marks,
  objective,
  areServices = false,
}: Props) {
  const { error, retry, queries } = answer
  // Answers to one refresh arrive together: drawn when there is time, so that no click waits for eight charts.
  const content = useDeferredValue(answer.content)
  const steps = useDeferredValue(answer.steps)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [isTable, setIsTable] = useState(false)
  const [isPromql, setIsPromql] = useState(false)
  const body = useRef<HTMLDivElement>(null)
  const times = useMemo(() => (steps === undefined ? [] : timesOf(steps)), [steps])
  const Widen = isWide ? IconArrowsDiagonalMinimize2 : IconArrowsDiagonal

  return (
    <section className={classes['panel']} data-panel={id} data-wide={isWide} aria-labelledby={`title-${id}`}>
      <header className={classes['head']}>
        <h2 id={`title-${id}`}>{title}</h2>
        {content !== undefined && <span className={classes['unit']}>{content.unit}</span>}
        <TrustMark of={affectedOf[id]} />
        <span className={classes['space']} />
        {onWiden !== undefined && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={isWide ? strings.panel.shrink(title) : strings.panel.expand(title)}
            aria-pressed={isWide}
            onClick={onWiden}
          >
            <Widen size={16} stroke={1.4} aria-hidden />
          </ActionIcon>
        )}
        <PanelMenu
          title={title}
          isTable={isTable}
          hasHidden={hidden.size > 0}
          onTable={() => setIsTable(!isTable)}
          onShowAll={() => setHidden(new Set())}
          onPromql={() => setIsPromql(true)}
          exported={
            content === undefined
              ? undefined
              : { title, unit: content.unit, lines: withEarlier(visible(content, hidden)), times, queries }
          }
          chart={() => body.current ?? undefined}
          legend={content === undefined ? [] : legendTexts(content, hidden)}
        />
      </header>
      {error !== null && content !== undefined && steps !== undefined && (
        <p className={classes['stale']} role="status">
          <span>{strings.panel.stale(instantText(steps.end, steps.end - steps.start, zone), error.message)}</span>
          <Button variant="subtle" size="compact-xs" onClick={retry}>
            {strings.panel.retry}
          </Button>
        </p>
      )}
      {answer.earlier !== undefined && answer.earlier.error !== null && content !== undefined && (
        <p className={classes['stale']} role="status">
          <span>{strings.panel.noEarlier(answer.earlier.error.message)}</span>
          <Button variant="subtle" size="compact-xs" onClick={retry}>
            {strings.panel.retry}
          </Button>
        </p>
      )}
      <div ref={body} className={classes['body']}>
        {content === undefined ? (
          <Waiting title={title} error={error} retry={retry} onPromql={() => setIsPromql(true)} />
        ) : isEmpty(content) ? (
          <p className={classes['empty']}>{strings.panel.empty[id]}</p>
        ) : isTable ? (
          <PanelTable title={title} content={content} times={times} zone={zone} />
        ) : (
          <Drawing
            id={id}
            title={title}
            content={content}
            times={times}
            zone={zone}
            isWide={isWide}
            hidden={hidden}
            onHidden={setHidden}
            onZoom={onZoom}
            marks={marks}
            objective={objective}
            areServices={areServices}
          />
        )}
      </div>
      <PromqlDialog title={title} queries={queries} isOpen={isPromql} onClose={() => setIsPromql(false)} />
    </section>
  )
}

interface WaitingProps {
  readonly title: string
  readonly error: Error | null
  readonly retry: () => void
  readonly onPromql: () => void
}

function Waiting({ title, error, retry, onPromql }: WaitingProps) {
  if (error === null) {
    return (
      <div className={classes['loading']} role="status" aria-label={strings.panel.loading(title)}>
        <Skeleton height={14} width="40%" />
        <Skeleton height={220} />
      </div>
    )
  }
  return (
    <StatePanel
      mark="failing"
      title={strings.panel.failed}
      text={strings.panel.onlyThis}
      cause={error.message}
      headingLevel={3}
      actions={
        <>
          <Button
            variant="outline"
            size="xs"
            leftSection={<IconRefresh size={15} stroke={1.6} aria-hidden />}
            onClick={retry}
          >
            {strings.panel.retry}
          </Button>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconCode size={15} stroke={1.6} aria-hidden />}
            onClick={onPromql}
          >
            {strings.panel.promql}
          </Button>
        </>
      }
    />
  )
}

interface DrawingProps {
  readonly id: PanelId
  readonly title: string
  readonly content: Content
  readonly times: readonly number[]
  readonly zone: Zone
  readonly isWide: boolean
  readonly hidden: ReadonlySet<string>
  readonly onHidden: (hidden: ReadonlySet<string>) => void
  readonly onZoom: (from: number, to: number) => void
  readonly marks: readonly Mark[]
  readonly objective: number | undefined
  readonly areServices: boolean
}

function Drawing(props: DrawingProps) {
  const { id, title, content, times, zone, isWide, hidden, onHidden, onZoom, marks, objective, areServices } = props
  const lines = useMemo(() => uncrowded(visible(content, hidden)), [content, hidden])
  const first = times[0] ?? 0
  const last = times.at(-1) ?? 0
  const span = useMemo(() => ({ from: first, to: Math.max(last, first + 1) }), [first, last])
  const format = formatOf(content.quantity)
  const limits = useMemo(() => limitsOf(content, lines, objective), [content, lines, objective])
  return (
    <>
      <Legend
        lines={content.lines}
        hidden={hidden}
        times={times}
        format={format}
        overall={strings.overall[content.overall]}
        was={strings.was}
        hint={strings.legendHint}
        limits={limits}
        aside={areServices ? serviceLink : undefined}
        onToggle={(line) => onHidden(toggled(hidden, line))}
        onIsolate={(line) => onHidden(isolated(content.lines, hidden, line))}
      />
      <TimeChart
        id={id}
        title={title}
        lines={lines}
        times={times}
        span={span}
        scale={content.scale}
        zone={zone}
        height={isWide ? 420 : 264}
        format={format}
        was={strings.was}
        formatTick={tickFormatOf(content.quantity)}
        isShared={content.isShared}
        degradedBelow={content.degradedBelow}
        failingBelow={content.failingBelow}
        objective={objective}
        marks={marks}
        onZoom={onZoom}
      />
    </>
  )
}

/** The way to a service's page, beside its name. */
function serviceLink({ id }: Line) {
  const slash = id.indexOf('/')
  return slash < 0 ? null : (
    <MetricsLink end={{ kind: 'service', namespace: id.slice(0, slash), name: id.slice(slash + 1) }} isMark />
  )
}

/** Many lines are drawn without what they were: the legend tells it. */
function uncrowded(lines: Content['lines']): Content['lines'] {
  return lines.length > mostEarlier ? lines.map(({ earlier: _, ...line }) => line) : lines
}

function visible({ lines }: Content, hidden: ReadonlySet<string>): Content['lines'] {
  return lines.filter(({ id }) => !hidden.has(id))
}

/** The limits that are drawn: that of failing only where the lines come near it. */
function limitsOf(
  { quantity, degradedBelow, failingBelow }: Content,
  lines: Content['lines'],
  objective: number | undefined,
) {
  const format = formatOf(quantity)
  const { min } = scaleToOne(
    lines.flatMap(({ values }) => values),
    lowest(degradedBelow, objective),
  )
  return [
    { label: strings.objective.title, limit: objective, kind: 'objective' as const },
    { label: strings.degradedBelow, limit: degradedBelow, kind: 'degraded' as const },
    { label: strings.failingBelow, limit: failingBelow, kind: 'failing' as const },
  ].flatMap(({ label, limit, kind }) =>
    limit === undefined || limit <= min ? [] : [{ label, kind, value: format(limit) }],
  )
}

function legendTexts(content: Content, hidden: ReadonlySet<string>): readonly string[] {
  const format = formatOf(content.quantity)
  return visible(content, hidden).map(({ label, overall }) => `${label}  ${format(overall)}`)
}

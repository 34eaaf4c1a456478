import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMemo } from 'react'

import { encryptedShare, pairText, senderWords, type MtlsPair, type Plaintext } from '../../../mesh/mtlsReport.ts'
import { roughly, type StrictVerdict } from '../../../mesh/strict.ts'
import { byteRate, dash, dateTime, inWords, percent, rate, span } from '../../format.ts'
import { Measure } from '../../kit/Measure.tsx'
import { PickerButton } from '../../kit/PickerButton.tsx'
import { TrustMark } from '../../panels/doctor/TrustMark.tsx'
import inventoryClasses from '../../panels/inventory/Inventory.module.css'
import { ListTable, type TableColumn } from '../../panels/inventory/ListTable.tsx'
import { download } from '../../panels/metrics/exports.ts'
import { PageHead } from '../../panels/PageHead.tsx'
import { stateOfError } from '../../panels/state.ts'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { MissingNote } from '../../panels/inventory/MissingNote.tsx'
import { LoadingPanel, StaleBanner, StateView } from '../../panels/StatePanels.tsx'
import { useUrlState } from '../../urlState.tsx'
import { useView } from '../../view.tsx'
import type { Zone } from '../../zone.ts'
import { mtlsCsv } from './csv.ts'
import classes from './MtlsPage.module.css'
import { lookbackNames, strings, type LookbackName } from './strings.ts'
import { useReport } from './useReport.ts'
import { Verdicts } from './Verdicts.tsx'
import { mtlsWords, sortedPairs, type ColumnName } from './words.ts'

/** Who encrypts and who does not, by pair of namespaces, and whether each namespace may go STRICT. */
export function MtlsPage() {
  const { state: choice, choose } = useUrlState(mtlsWords)
  const { isOwner, zone } = useView()
  const { report, history, asked, isHistoryKnown, grain, at, hidesPeers, missing, error, retry } = useReport(
    lookbackNames[choice.lookback],
  )
  const rows = useMemo(() => sortedPairs(report?.pairs ?? [], choice.sort), [report, choice.sort])
  const columns = useMemo(() => columnsFor(report?.verdicts ?? [], zone), [report, zone])
  return (
    <div className={inventoryClasses['page']}>
      <PageHead
        title={strings.title}
        summary={<TrustMark of="mtls" />}
        actions={
          <>
            <Lookback value={choice.lookback} onChoose={(lookback) => choose({ lookback })} />
            <Button
              size="sm"
              variant="default"
              disabled={report === undefined}
              leftSection={<IconDownload size={15} stroke={1.5} aria-hidden />}
              onClick={() => {
                if (report === undefined) return
                const name = `mtls-${new Date(at * 1000).toISOString().slice(0, 16).replaceAll(':', '')}.csv`
                download(new Blob([mtlsCsv(rows, report.verdicts, history)], { type: 'text/csv' }), name)
              }}
            >
              {strings.csv}
            </Button>
          </>
        }
      />
      <div className={inventoryClasses['body']}>
        {report === undefined ? (
          error === null ? (
            <LoadingPanel />
          ) : (
            <StateView state={stateOfError(error)} isOwner={isOwner} onRetry={retry} />
          )
        ) : (
          <>
            {error !== null && <StaleBanner asOf={dateTime(at, zone)} cause={error.message} onRetry={retry} />}
            <MissingNote missing={missing} onRetry={retry} />
            <p className={inventoryClasses['note']}>
              {isHistoryKnown
                ? strings.history(roughly(asked), roughly(history))
                : strings.historyUnknown(roughly(asked))}{' '}
              {strings.howExact(span(grain))} {hidesPeers && strings.hiddenPeers}
            </p>
            {report.untold > 0 && <p className={inventoryClasses['note']}>{strings.untold(report.untold)}</p>}
            <h2 className={classes['heading']}>{strings.checklist}</h2>
            {report.verdicts.length === 0 ? (
              <StatePanel mark="unknown" title={strings.none} text={strings.noneText} headingLevel={3} />
            ) : (
              <Verdicts verdicts={report.verdicts} />
            )}
            <h2 className={classes['heading']}>{strings.pairs}</h2>
            {rows.length === 0 ? (
              <p className={classes['muted']}>{strings.noPairs}</p>
            ) : (
              <ListTable
                title={strings.pairs}
                rows={rows}
                columns={columns}
                idOf={pairText}
                healthOf={({ plaintext }) => (plaintext.length > 0 ? 'degraded' : 'healthy')}
                order={choice.sort}
                onOrder={(sort) => choose({ sort })}
              />
            )}
          </>
        )}
      </div>
    </div>
  )
}

interface LookbackProps {
  readonly value: LookbackName
  readonly onChoose: (value: LookbackName) => void
}

function Lookback({ value, onChoose }: LookbackProps) {
  const names = Object.keys(lookbackNames).filter((name): name is LookbackName => Object.hasOwn(lookbackNames, name))
  return (
    <Menu position="bottom-end" offset={4} transitionProps={{ duration: 0 }} withinPortal={false}>
      <Menu.Target>
        <PickerButton caption={strings.lookback} title={strings.lookbackHint}>
          {span(lookbackNames[value])}
        </PickerButton>
      </Menu.Target>
      <Menu.Dropdown>
        {names.map((name) => (
          <Menu.Item key={name} onClick={() => onChoose(name)} aria-current={name === value}>
            {span(lookbackNames[name])}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function columnsFor(verdicts: readonly StrictVerdict[], zone: Zone): readonly TableColumn<MtlsPair, ColumnName>[] {
  const modes = new Map(verdicts.map(({ namespace, mode }) => [namespace, mode.mode]))
  const column = (
    name: ColumnName,
    cell: TableColumn<MtlsPair, ColumnName>['cell'],
    isNumber = false,
  ): TableColumn<MtlsPair, ColumnName> => ({ name, title: strings.columns[name], cell, isNumber })
  return [
    column('from', ({ from }) =>
      from.kind === 'namespace' ? (
        from.name
      ) : (
        <span className={classes['muted']}>{from.kind === 'outside' ? strings.outside : strings.hidden}</span>
      ),
    ),
    column('to', ({ to }) => to),
    column(
      'share',
      (pair) => {
        const share = encryptedShare(pair)
        return share === undefined ? (
          dash
        ) : (
          <span title={share.of === 'requests' ? strings.ofRequests : strings.ofBytes}>
            <Measure quantity={percent(share.ratio)} />
          </span>
        )
      },
      true,
    ),
    column('rate', ({ requests }) => <Measure quantity={rate(some(requests.encrypted + requests.plain))} />, true),
    column('tcp', ({ tcp }) => <Measure quantity={byteRate(some(tcp.encrypted + tcp.plain))} />, true),
    column(
      'plain',
      ({ requests, tcp, plaintext }) =>
        plaintext.length === 0 ? (
          <span className={classes['muted']}>{strings.noPlain}</span>
        ) : (
          <span className={classes['plain']}>
            {requests.plain > 0
              ? inWords(rate(requests.plain))
              : tcp.plain > 0
                ? inWords(byteRate(tcp.plain))
                : strings.last(dateTime(lastOf(plaintext), zone))}
          </span>
        ),
      true,
    ),
    column('who', ({ plaintext }) => <Senders plaintext={plaintext} zone={zone} />),
    column('mode', ({ to }) => modes.get(to) ?? dash),
  ]
}

const mostSenders = 3

function Senders({ plaintext, zone }: { readonly plaintext: readonly Plaintext[]; readonly zone: Zone }) {
  if (plaintext.length === 0) return dash
  const words = plaintext.map(({ from, to, rate: now, lastSeen, protocol }) => {
    const when =
      now !== undefined
        ? strings.now(inWords(protocol === 'tcp' ? byteRate(now) : rate(now)))
        : strings.last(dateTime(lastSeen, zone))
    return `${senderWords(from)} → ${to.name} (${when})`
  })
  const more = words.length > mostSenders ? ` ${strings.more(words.length - mostSenders)}` : ''
  return <span title={words.join('\n')}>{`${words.slice(0, mostSenders).join('; ')}${more}`}</span>
}

function lastOf(plaintext: readonly Plaintext[]): number | undefined {
  const seen = plaintext.flatMap(({ lastSeen }) => lastSeen ?? [])
  return seen.length === 0 ? undefined : Math.max(...seen)
}

/** A pair without any such calls has no rate of them. */
function some(value: number): number | undefined {
  return value === 0 ? undefined : value
}

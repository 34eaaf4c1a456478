import { ActionIcon, Menu } from '@mantine/core'
import { IconDotsVertical } from '@tabler/icons-react'

import { pngOf } from '../../charts/png.ts'
import { csvOf, download, fileName, jsonOf, type Exported } from './exports.ts'
import { strings } from './strings.ts'

interface Props {
  readonly title: string
  readonly isTable: boolean
  readonly hasHidden: boolean
  readonly onTable: () => void
  readonly onShowAll: () => void
  readonly onPromql: () => void
  /** Undefined while there is nothing to export. */
  readonly exported: Exported | undefined
  /** The element that holds the chart. */
  readonly chart: () => Element | undefined
  readonly legend: readonly string[]
}

/** What else can be done with a panel: its PromQL, the table, its files. */
export function PanelMenu({ title, isTable, hasHidden, onTable, onShowAll, onPromql, exported, chart, legend }: Props) {
  const save = (content: BlobPart, type: string, extension: string) =>
    download(new Blob([content], { type }), fileName(title, exported?.times.at(-1) ?? 0, extension))
  const savePng = async () => {
    const element = chart()
    if (element !== undefined) save(await pngOf(element, title, legend), 'image/png', 'png')
  }
  return (
    <Menu position="bottom-end" offset={4} transitionProps={{ duration: 0 }} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={strings.panel.more(title)}>
          <IconDotsVertical size={16} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onPromql}>{strings.panel.promql}</Menu.Item>
        <Menu.Item onClick={onTable}>{isTable ? strings.panel.chart : strings.panel.table}</Menu.Item>
        {hasHidden && <Menu.Item onClick={onShowAll}>{strings.panel.showAll}</Menu.Item>}
        {exported !== undefined && (
          <>
            <Menu.Divider />
            {!isTable && <Menu.Item onClick={() => void savePng()}>{strings.panel.png}</Menu.Item>}
            <Menu.Item onClick={() => save(csvOf(exported), 'text/csv', 'csv')}>{strings.panel.csv}</Menu.Item>
            <Menu.Item onClick={() => save(jsonOf(exported), 'application/json', 'json')}>
              {strings.panel.json}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

import { Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

import { withEarlier } from '../../charts/line.ts'
import { PickerButton } from '../../kit/PickerButton.tsx'
import type { PanelAnswer } from './answers.ts'
import { csvOfAll, download, fileName, jsonOfAll, timesOf, type Exported } from './exports.ts'
import { strings } from './strings.ts'

interface Props {
  readonly panels: readonly { readonly title: string; readonly answer: PanelAnswer }[]
}

/** The numbers of all panels as one file. */
export function ExportMenu({ panels }: Props) {
  const exported = panels.flatMap(({ title, answer: { content, steps, queries } }): readonly Exported[] =>
    content === undefined || steps === undefined
      ? []
      : [{ title, unit: content.unit, lines: withEarlier(content.lines), times: timesOf(steps), queries }],
  )
  const at = exported[0]?.times.at(-1) ?? 0
  const save = (text: string, type: string, extension: string) =>
    download(new Blob([text], { type }), fileName(strings.title, at, extension))
  return (
    <Menu position="bottom-end" offset={4} transitionProps={{ duration: 0 }} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <PickerButton icon={IconDownload} disabled={exported.length === 0}>
          {strings.toolbar.exportAll}
        </PickerButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => save(csvOfAll(exported), 'text/csv', 'csv')}>{strings.panel.csv}</Menu.Item>
        <Menu.Item onClick={() => save(jsonOfAll(exported), 'application/json', 'json')}>
          {strings.panel.json}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDownload } from '@tabler/icons-react'

import type { MeshGraph } from '../../../mesh/graph.ts'
import type { Picture } from '../../canvas/picture.ts'
import { pngOf } from '../../canvas/rasterize.ts'
import { actionStrings } from './actionStrings.ts'
import { download, exportFormats, fileName, fileOf } from './exportFiles.ts'
import { useFullScreen } from './useFullScreen.ts'

interface Props {
  /** What is shown; undefined while there is nothing to take away. */
  readonly graph: MeshGraph | undefined
  /** Draws what is shown; undefined in the table view. */
  readonly draw: (() => Picture | undefined) | undefined
  readonly onSay: (text: string) => void
}

/** Takes the shown graph away, as picture, data or address, or lets it fill the screen. */
export function ExportMenu({ graph, draw, onSay }: Props) {
  const strings = actionStrings.export
  const { isFull, toggle } = useFullScreen()
  const failed = (error: unknown) => onSay(strings.failed(error instanceof Error ? error.message : String(error)))
  const picture = async (format: 'svg' | 'png') => {
    const drawn = draw?.()
    if (graph === undefined || drawn === undefined) return
    const content = format === 'svg' ? new Blob([drawn.svg], { type: 'image/svg+xml' }) : await pngOf(drawn)
    download({ name: fileName(graph, format), content })
  }
  const copyLink = async () => {
    await navigator.clipboard.writeText(window.location.href)
    onSay(actionStrings.menu.copied(strings.link))
  }
  return (
    <Menu position="bottom-end" offset={4} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={15} stroke={1.5} aria-hidden />}
          rightSection={<IconChevronDown size={14} stroke={1.5} aria-hidden />}
        >
          {strings.label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['svg', 'png'] as const).map((format) => (
          <Menu.Item
            key={format}
            disabled={graph === undefined || draw === undefined}
            title={draw === undefined ? strings.onlyInGraph : undefined}
            onClick={() => void picture(format).catch(failed)}
          >
            {strings[format]}
          </Menu.Item>
        ))}
        {exportFormats.map((format) => (
          <Menu.Item
            key={format}
            disabled={graph === undefined}
            onClick={() => {
              if (graph !== undefined) download(fileOf(graph, format))
            }}
          >
            {strings[format]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void copyLink().catch(() => onSay(actionStrings.menu.notCopied))}>
          {strings.link}
        </Menu.Item>
        <Menu.Item onClick={() => void toggle().catch(failed)}>
          {isFull ? strings.leaveFullScreen : strings.fullScreen}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

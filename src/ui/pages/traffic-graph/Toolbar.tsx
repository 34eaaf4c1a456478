import { Menu } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'

import { PickerButton } from '../../kit/PickerButton.tsx'
import { graphStrings as strings } from './strings.ts'
import classes from './TrafficGraphPage.module.css'
import {
  badgeKinds,
  boxKinds,
  edgeLabels,
  graphTypes,
  groupings,
  grpcRates,
  idleKinds,
  layouts,
  protocols,
  reporters,
  statistics,
  tcpRates,
  throughputs,
  type DrawingChoices,
  type GraphChoices,
} from './words.ts'

interface Props {
  readonly choices: GraphChoices
  readonly drawing: DrawingChoices
  readonly onChoose: (patch: Partial<GraphChoices & DrawingChoices>) => void
}

const menu = { position: 'bottom-start', offset: 4, transitionProps: { duration: 0 } } as const

/** What the graph shows and writes on its edges; every choice is a word of the URL. */
export function Toolbar({ choices, drawing, onChoose }: Props) {
  const { toolbar } = strings
  const isStill = useMediaQuery('(prefers-reduced-motion: reduce)', false, { getInitialValueInEffect: false })
  return (
    <div className={classes['toolbar']} role="group" aria-label={toolbar.label}>
      <Picker caption={toolbar.graph} value={strings.graphTypes[choices.graphType]}>
        <Radios
          options={graphTypes}
          value={choices.graphType}
          words={strings.graphTypes}
          onChange={(graphType) => onChoose({ graphType })}
        />
      </Picker>
      <Picker caption={toolbar.protocols} value={protocolsText(choices)}>
        <Checks
          options={protocols}
          value={choices.protocols}
          words={strings.protocols}
          onChange={(chosen) => onChoose({ protocols: chosen })}
        />
        <Menu.Divider />
        <Menu.Label>{toolbar.grpc}</Menu.Label>
        <Radios
          options={grpcRates}
          value={choices.grpc}
          words={toolbar.grpcRates}
          onChange={(grpc) => onChoose({ grpc })}
        />
        <Menu.Divider />
        <Menu.Label>{toolbar.tcp}</Menu.Label>
        <Radios options={tcpRates} value={choices.tcp} words={toolbar.tcpRates} onChange={(tcp) => onChoose({ tcp })} />
      </Picker>
      <Picker caption={toolbar.edgeLabels} value={labelsText(choices)}>
        <Checks
          options={edgeLabels}
          value={choices.labels}
          words={strings.edgeLabels}
          onChange={(labels) => onChoose({ labels })}
        />
        <Menu.Divider />
        <Menu.Label>{toolbar.statistic}</Menu.Label>
        <Radios
          options={statistics}
          value={choices.statistic}
          words={strings.statistics}
          onChange={(statistic) =>
            onChoose({ statistic, labels: [...new Set([...choices.labels, 'responseTime' as const])] })
          }
        />
        <Menu.Divider />
        <Menu.Label>{toolbar.throughputOf}</Menu.Label>
        <Radios
          options={throughputs}
          value={choices.throughput}
          words={toolbar.throughputs}
          onChange={(throughput) =>
            onChoose({ throughput, labels: [...new Set([...choices.labels, 'throughput' as const])] })
          }
        />
      </Picker>
      <Picker caption={toolbar.display} value={toolbar.on(displayCount(choices, drawing))}>
        <Menu.CheckboxItem
          checked={choices.serviceNodes}
          closeMenuOnClick={false}
          onChange={(serviceNodes) => onChoose({ serviceNodes })}
        >
          {toolbar.serviceNodes}
        </Menu.CheckboxItem>
        <Menu.CheckboxItem
          checked={choices.operations}
          disabled={choices.graphType === 'service'}
          closeMenuOnClick={false}
          onChange={(operations) => onChoose({ operations })}
        >
          {toolbar.operations}
          {choices.graphType === 'service' && <span className={classes['quiet']}>{toolbar.noOperations}</span>}
        </Menu.CheckboxItem>
        <Checks
          options={idleKinds}
          value={choices.idle}
          words={toolbar.idleKinds}
          onChange={(idle) => onChoose({ idle })}
        />
        <Menu.CheckboxItem
          checked={choices.waypoints}
          closeMenuOnClick={false}
          onChange={(waypoints) => onChoose({ waypoints })}
        >
          {toolbar.waypoints}
        </Menu.CheckboxItem>
        <Menu.CheckboxItem
          checked={drawing.legend}
          closeMenuOnClick={false}
          onChange={(legend) => onChoose({ legend })}
        >
          {toolbar.showLegend}
        </Menu.CheckboxItem>
        <Menu.CheckboxItem checked={drawing.noise} closeMenuOnClick={false} onChange={(noise) => onChoose({ noise })}>
          {toolbar.noise}
        </Menu.CheckboxItem>
        <Menu.CheckboxItem
          checked={drawing.animation}
          closeMenuOnClick={false}
          onChange={(animation) => onChoose({ animation })}
        >
          {toolbar.animation}
          {isStill && <span className={classes['quiet']}>{toolbar.stillness}</span>}
        </Menu.CheckboxItem>
        <Menu.Divider />
        <Menu.Label>{toolbar.badges}</Menu.Label>
        <Checks
          options={badgeKinds}
          value={drawing.badges}
          words={toolbar.badgeKinds}
          onChange={(badges) => onChoose({ badges })}
        />
        <Menu.Divider />
        <Menu.Label>{toolbar.boxes}</Menu.Label>
        <Checks
          options={boxKinds}
          value={drawing.boxes}
          words={toolbar.boxKinds}
          onChange={(boxes) => onChoose({ boxes })}
        />
        <Menu.Divider />
        <Menu.Label>{toolbar.grouping}</Menu.Label>
        <Radios
          options={groupings}
          value={drawing.grouping}
          words={toolbar.groupings}
          onChange={(grouping) => onChoose({ grouping })}
        />
        <Menu.Divider />
        <Menu.Label>{toolbar.layout}</Menu.Label>
        <Radios
          options={layouts}
          value={drawing.layout}
          words={toolbar.layouts}
          onChange={(layout) => onChoose({ layout })}
        />
        <Menu.Divider />
        <Menu.Label>{toolbar.reporter}</Menu.Label>
        <Radios
          options={reporters}
          value={choices.reporter}
          words={strings.reporters}
          onChange={(reporter) => onChoose({ reporter })}
        />
      </Picker>
    </div>
  )
}

interface PickerProps {
  readonly caption: string
  readonly value: string
  readonly children: React.ReactNode
}

function Picker({ caption, value, children }: PickerProps) {
  return (
    <Menu {...menu}>
      <Menu.Target>
        <PickerButton caption={caption} className={classes['picker']} aria-label={`${caption}: ${value}`}>
          {value}
        </PickerButton>
      </Menu.Target>
      <Menu.Dropdown className={classes['dropdown']}>{children}</Menu.Dropdown>
    </Menu>
  )
}

interface RadiosProps<T extends string> {
  readonly options: readonly T[]
  readonly value: T
  readonly words: Readonly<Record<T, string>>
  readonly onChange: (value: T) => void
}

function Radios<T extends string>({ options, value, words, onChange }: RadiosProps<T>) {
  return (
    <Menu.RadioGroup
      value={value}
      onChange={(text) => {
        const chosen = options.find((option) => option === text)
        if (chosen !== undefined) onChange(chosen)
      }}
    >
      {options.map((option) => (
        <Menu.RadioItem key={option} value={option} closeMenuOnClick>
          {words[option]}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  )
}

interface ChecksProps<T extends string> {
  readonly options: readonly T[]
  readonly value: readonly T[]
  readonly words: Readonly<Record<T, string>>
  readonly onChange: (value: readonly T[]) => void
}

function Checks<T extends string>({ options, value, words, onChange }: ChecksProps<T>) {
  return options.map((option) => (
    <Menu.CheckboxItem
      key={option}
      checked={value.includes(option)}
      closeMenuOnClick={false}
      onChange={(isOn) => onChange(isOn ? [...value, option] : value.filter((each) => each !== option))}
    >
      {words[option]}
    </Menu.CheckboxItem>
  ))
}

/** `All`, `HTTP, TCP`, `HTTP, gRPC messages`. */
function protocolsText({ protocols: chosen, grpc }: GraphChoices): string {
  const { all, none, messages } = strings.toolbar
  const isMessages = grpc !== 'requests' && chosen.includes('grpc')
  if (!isMessages && protocols.every((each) => chosen.includes(each))) return all
  const words = chosen.map((each) => (each === 'grpc' && isMessages ? messages : strings.protocols[each]))
  return words.length === 0 ? none : words.join(', ')
}

function labelsText({ labels, statistic }: GraphChoices): string {
  const words = labels.map((label) =>
    label === 'responseTime' ? strings.statistics[statistic] : strings.edgeLabelsShort[label],
  )
  return words.length === 0 ? strings.toolbar.none : words.join(', ')
}

function displayCount({ serviceNodes, operations, idle, waypoints }: GraphChoices, drawing: DrawingChoices): number {
  const { legend, noise, animation } = drawing
  return [serviceNodes, operations, waypoints, legend, noise, animation].filter(Boolean).length + idle.length
}

import { Menu, SegmentedControl } from '@mantine/core'
import type { ReactNode } from 'react'

import { callDirections } from '../../../mesh/callEnd.ts'
import { endGroupings } from '../../../mesh/groups.ts'
import type { ReporterChoice } from '../../../mesh/scope.ts'
import { PickerButton } from '../../kit/PickerButton.tsx'
import { zoneText, type Zone } from '../../zone.ts'
import classes from './Toolbar.module.css'
import { strings } from './strings.ts'
import { comparisons, quantiles, reporters, type MetricsChoice } from './words.ts'

interface Props {
  readonly choice: MetricsChoice
  readonly choose: (patch: Partial<MetricsChoice>) => void
  /** Unix seconds; the local zone's offset is told for it. */
  readonly at: number
  /** One end's panels have a direction and are split on demand; a scope's have two levels. */
  readonly isEnd: boolean
  /** What stands at the end of the bar. */
  readonly children?: ReactNode
}

/** What the panels show: level, unit, reporter; Detail's quantile; range and time zone. Each choice is a step in the history. */
export function Toolbar({ choice, choose, at, isEnd, children }: Props) {
  const { level, unit, reporter, quantile, compare, zone, direction, by } = choice
  const hasQuantile = isEnd ? by !== 'none' : level === 'detail'
  const { toolbar } = strings
  const zones: Readonly<Record<Zone, string>> = { local: toolbar.local(zoneText(at, 'local')), utc: toolbar.utc }
  return (
    <div className={classes['toolbar']} role="group" aria-label={toolbar.label}>
      {isEnd ? (
        <>
          <SegmentedControl
            size="sm"
            aria-label={toolbar.direction}
            transitionDuration={0}
            value={direction}
            onChange={(value) => choose({ direction: value === 'outbound' ? 'outbound' : 'inbound' })}
            data={callDirections.map((value) => ({ value, label: toolbar.directions[value] }))}
          />
          <Choice
            caption={toolbar.by}
            value={by}
            options={['none', ...endGroupings]}
            name={(each) => toolbar.byNames[each]}
            onChoose={(value) => choose({ by: value })}
          />
        </>
      ) : (
        <SegmentedControl
          size="sm"
          aria-label={toolbar.level}
          transitionDuration={0}
          value={level}
          onChange={(value) => choose({ level: value === 'detail' ? 'detail' : 'summary' })}
          data={[
            { value: 'summary', label: toolbar.summary },
            { value: 'detail', label: toolbar.detail },
          ]}
        />
      )}
      <SegmentedControl
        size="sm"
        aria-label={toolbar.unit}
        transitionDuration={0}
        value={unit}
        onChange={(value) => choose({ unit: value === 'rates' ? 'rates' : 'counts' })}
        data={[
          { value: 'counts', label: toolbar.counts },
          { value: 'rates', label: toolbar.rates },
        ]}
      />
      <Choice
        caption={toolbar.reporter}
        value={reporter}
        options={reporters}
        name={(each: ReporterChoice) => toolbar.reporterNames[each]}
        hint={(each: ReporterChoice) => toolbar.reporterHints[each]}
        onChoose={(value) => choose({ reporter: value })}
      />
      {hasQuantile && (
        <Choice
          caption={toolbar.quantile}
          value={quantile}
          options={quantiles}
          name={(each) => each}
          onChoose={(value) => choose({ quantile: value })}
        />
      )}
      <Choice
        caption={toolbar.compare}
        value={compare}
        options={comparisons}
        name={(each) => toolbar.compareNames[each]}
        onChoose={(value) => choose({ compare: value })}
      />
      <span className={classes['end']}>
        <Choice
          caption={toolbar.zone}
          value={zone}
          options={['local', 'utc'] as const}
          name={(each) => zones[each]}
          onChoose={(value) => choose({ zone: value })}
        />
        {children}
      </span>
    </div>
  )
}

interface ChoiceProps<T extends string> {
  readonly caption: string
  readonly value: T
  readonly options: readonly T[]
  readonly name: (option: T) => string
  readonly hint?: (option: T) => string
  readonly onChoose: (option: T) => void
}

function Choice<T extends string>({ caption, value, options, name, hint, onChoose }: ChoiceProps<T>) {
  return (
    <Menu
      position="bottom-start"
      offset={4}
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <PickerButton caption={caption} aria-label={`${caption}: ${name(value)}`}>
          {name(value)}
        </PickerButton>
      </Menu.Target>
      <Menu.Dropdown className={classes['dropdown']}>
        <Menu.RadioGroup
          value={value}
          onChange={(text) => {
            const chosen = options.find((option) => option === text)
            if (chosen !== undefined) onChoose(chosen)
          }}
        >
          {options.map((option) => (
            <Menu.RadioItem key={option} value={option} closeMenuOnClick>
              {name(option)}
              {hint !== undefined && <small className={classes['hint']}>{hint(option)}</small>}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}

/** What a number of the find language measures; each has its units. */
export type Quantity = 'duration' | 'bytes' | 'rate' | 'share' | 'count'

interface Unit {
  /** As it is printed. */
  readonly name: string
  /** One of it in base units: seconds, bytes per second, requests per second, a ratio. */
  readonly size: number
  readonly aliases: readonly string[]
}

/** The first is what a bare number means: Kiali's milliseconds, bytes, requests per second and percent. */
const units: Readonly<Record<Quantity, readonly [Unit, ...Unit[]]>> = {
  duration: [
    { name: 'ms', size: 1e-3, aliases: ['msec'] },
    { name: 'us', size: 1e-6, aliases: ['\u00b5s', '\u03bcs'] },
    { name: 's', size: 1, aliases: ['sec'] },
    { name: 'm', size: 60, aliases: ['min'] },
  ],
  bytes: [
    { name: 'B', size: 1, aliases: ['b/s', 'bps'] },
    { name: 'kB', size: 1e3, aliases: ['kb/s', 'k'] },
    { name: 'MB', size: 1e6, aliases: ['mb/s', 'm'] },
    { name: 'GB', size: 1e9, aliases: ['gb/s', 'g'] },
    { name: 'KiB', size: 1024, aliases: ['kib/s', 'ki'] },
    { name: 'MiB', size: 1024 ** 2, aliases: ['mib/s', 'mi'] },
    { name: 'GiB', size: 1024 ** 3, aliases: ['gib/s', 'gi'] },
  ],
  rate: [
    { name: '/s', size: 1, aliases: ['rps', 'req/s', 'qps'] },
    { name: '/m', size: 1 / 60, aliases: ['rpm', '/min'] },
  ],
  share: [{ name: '%', size: 0.01, aliases: ['percent'] }],
  count: [{ name: '', size: 1, aliases: [] }],
}

/** The unit a bare number of this quantity has. */
export function bareUnit(quantity: Quantity): string {
  return units[quantity][0].name
}

/** The names of a quantity's units, the bare one first; none for a count. */
export function unitNames(quantity: Quantity): readonly string[] {
  return units[quantity].map(({ name }) => name).filter((name) => name !== '')
}

/** A unit's printed name, whatever its case or alias; `undefined` where the quantity has no such unit. */
export function unitNamed(quantity: Quantity, text: string): string | undefined {
  const wanted = text.toLowerCase()
  return units[quantity].find(({ name, aliases }) => name.toLowerCase() === wanted || aliases.includes(wanted))?.name
}

/** A number in base units; in the quantity's bare unit where the unit is not one of its own. */
export function inBaseUnits(quantity: Quantity, value: number, unit: string): number {
  const [bare] = units[quantity]
  return value * (units[quantity].find(({ name }) => name === unit) ?? bare).size
}

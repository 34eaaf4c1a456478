import type { Fault } from '../mesh/faults.ts'
import { faultNamed } from '../mesh/faults.ts'
import type { FaultName, Wave } from '../mesh/model.ts'
import { nameHash } from '../mesh/pods.ts'

/** One sine of a wave: seconds, share of the mean, radians. */
interface Harmonic {
  readonly period: number
  readonly amplitude: number
  readonly phase: number
}

/** Amplitudes add up to less than 1, so that no rate is ever negative and no counter ever falls. */
const shapes: Readonly<Record<Wave, readonly (readonly [period: number, amplitude: number])[]>> = {
  bookinfo: [
    [3571, 0.12],
    [1423, 0.06],
    [397, 0.03],
  ],
  shop: [
    [4127, 0.15],
    [1693, 0.07],
    [521, 0.03],
  ],
  mobile: [
    [2939, 0.2],
    [709, 0.06],
  ],
  travel: [
    [3307, 0.14],
    [887, 0.05],
  ],
  steady: [[5003, 0.03]],
}

/** How much has happened since the epoch, for a flow of mean rate 1 per second. */
export interface Happened {
  readonly normal: number
  readonly faulty: number
}

/**
 * The rates of the demo as functions of time, integrated in closed form: what a counter shows at any instant since `epoch`
 * (unix seconds), without having been watched. The rates themselves depend on the seed alone, never on the epoch.
 */
export class Waves {
  readonly epoch: number
  readonly #harmonics: ReadonlyMap<string, readonly Harmonic[]>
  /** wave and fault → sums of the fault's first windows, since one window is like no other. */
  readonly #windows = new Map<string, number[]>()

  constructor(seed: number, epoch: number) {
    this.epoch = epoch
    this.#harmonics = new Map(
      Object.entries(shapes).map(([wave, harmonics]) => [
        wave,
        harmonics.map(([period, amplitude]) => ({ period, amplitude, phase: phaseOf(`${seed}/${wave}/${period}`) })),
      ]),
    )
  }

  /** What a flow of mean rate 1 did in [epoch, at], split by whether its fault was active; zero before the epoch. */
  happened(wave: Wave, fault: FaultName | undefined, at: number): Happened {
    if (at <= this.epoch) return { normal: 0, faulty: 0 }
    const all = this.#between(wave, this.epoch, at)
    if (fault === undefined) return { normal: all, faulty: 0 }
    const faulty = Math.min(this.#faulty(wave, faultNamed(fault), at), all)
    return { normal: all - faulty, faulty }
  }

  /** How high a wave stands at an instant: 1 on average, never below 0. */
  level(wave: Wave, at: number): number {
    let level = 1
    for (const { period, amplitude, phase } of this.#harmonics.get(wave) ?? []) {
      level += amplitude * Math.sin(((2 * Math.PI) / period) * at + phase)
    }
    return level
  }

  /** The exact integral of the wave's rate over [from, to]. */
  #between(wave: Wave, from: number, to: number): number {
    let sum = to - from
    for (const { period, amplitude, phase } of this.#harmonics.get(wave) ?? []) {
      const omega = (2 * Math.PI) / period
      sum += (amplitude / omega) * (Math.cos(omega * from + phase) - Math.cos(omega * to + phase))
    }
    return sum
  }

  #faulty(wave: Wave, { name, period, start, duration }: Fault, at: number): number {
    const first = Math.floor((this.epoch - start) / period)
    const current = Math.floor((at - start) / period)
    const integralOf = (window: number, end: number) => {
      const since = Math.max(this.epoch, window * period + start)
      const until = Math.min(end, window * period + start + duration)
      return until > since ? this.#between(wave, since, until) : 0
    }
    const key = `${wave}/${name}`
    const sums = this.#windows.get(key) ?? [0]
    this.#windows.set(key, sums)
    while (sums.length <= current - first) {
      sums.push((sums.at(-1) ?? 0) + integralOf(first + sums.length - 1, Number.POSITIVE_INFINITY))
    }
    return (sums[current - first] ?? 0) + integralOf(current, at)
  }
}

/** A phase in [0, 2 pi) that depends on the words alone. */
function phaseOf(words: string): number {
  let number = 0
  for (const letter of nameHash(words, 6)) number = (number * 31 + letter.charCodeAt(0)) % 10_007
  return (number / 10_007) * 2 * Math.PI
}

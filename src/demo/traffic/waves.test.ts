import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faults, occurrence } from '../mesh/faults.ts'
import type { FaultName, Wave } from '../mesh/model.ts'
import { Waves } from './waves.ts'

const epoch = 1_700_000_000
const seconds = fc.double({ min: 0, max: 200_000, noNaN: true })
const wave = fc.constantFrom<Wave>('bookinfo', 'shop', 'mobile', 'travel', 'steady')
const fault = fc.constantFrom<FaultName | undefined>(undefined, ...faults.map(({ name }) => name))

describe('what a wave has done', () => {
  it('never falls, in normal and in faulty times', () => {
    const waves = new Waves(1, epoch)
    fc.assert(
      fc.property(wave, fault, seconds, seconds, (wave, fault, one, other) => {
        const before = waves.happened(wave, fault, epoch + Math.min(one, other))
        const after = waves.happened(wave, fault, epoch + Math.max(one, other))
        expect(after.normal).toBeGreaterThanOrEqual(before.normal - 1e-6)
        expect(after.faulty).toBeGreaterThanOrEqual(before.faulty - 1e-6)
      }),
    )
  })

  it('does not depend on when counting began', () => {
    const early = new Waves(3, epoch)
    const late = new Waves(3, epoch + 5000)
    fc.assert(
      fc.property(wave, fault, seconds, seconds, (wave, fault, one, other) => {
        const [from, to] = [epoch + 5000 + Math.min(one, other), epoch + 5000 + Math.max(one, other)]
        for (const key of ['normal', 'faulty'] as const) {
          const of = (waves: Waves) => waves.happened(wave, fault, to)[key] - waves.happened(wave, fault, from)[key]
          expect(of(late)).toBeCloseTo(of(early), 4)
        }
      }),
    )
  })

  it('is faulty exactly while the fault is active', () => {
    const waves = new Waves(5, epoch)
    for (const { name, ...times } of faults) {
      // Two and a half periods, summed second by second where the rate is nearly constant.
      let sum = 0
      for (let at = epoch; at < epoch + 3000; at++) {
        const step = waves.happened('shop', undefined, at + 1).normal - waves.happened('shop', undefined, at).normal
        if (occurrence({ name, ...times }, at).isActive) sum += step
      }
      expect(waves.happened('shop', name, epoch + 3000).faulty, name).toBeCloseTo(sum, 5)
    }
  })

  it('is one per second on average over a long time, and varies by more than a tenth on the way', () => {
    const waves = new Waves(1, epoch)
    expect(waves.happened('shop', undefined, epoch + 1e7).normal / 1e7).toBeCloseTo(1, 3)
    const rates = Array.from({ length: 100 }, (_, index) => {
      const at = epoch + index * 60
      return waves.happened('shop', undefined, at + 1).normal - waves.happened('shop', undefined, at).normal
    })
    expect(Math.max(...rates) - Math.min(...rates)).toBeGreaterThan(0.1)
  })

  it('is nothing before the epoch', () => {
    expect(new Waves(1, epoch).happened('shop', 'slow-ratings', epoch - 1)).toEqual({ normal: 0, faulty: 0 })
  })
})

import type { DoctorSeverity } from './codes.ts'
import type { Examined } from './examined.ts'
import { doctorFinding, type Affected, type DoctorFinding } from './finding.ts'
import { meshFindings } from './meshFindings.ts'
import { prometheusFindings } from './prometheusFindings.ts'
import { scrapeFindings } from './scrapeFindings.ts'
import { shapeFindings } from './shapeFindings.ts'

/** Every finding, the worst first, in the order of their codes. Total: what was not read gives no finding. */
export function diagnose(examined: Examined): readonly DoctorFinding[] {
  const { unread } = examined
  const found = [
    ...prometheusFindings(examined),
    ...scrapeFindings(examined),
    ...shapeFindings(examined),
    ...meshFindings(examined),
    ...(unread.length === 0
      ? []
      : [
          doctorFinding('MD502', {
            message: unread.length === 1 ? (unread[0] ?? '') : `${unread.length} things could not be looked at`,
            evidence: unread.length === 1 ? [] : unread,
            fix: { say: 'Ask as somebody who may read them, or see what refuses.' },
            confidence: 'certain',
          }),
        ]),
  ]
  return found.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || (a.code < b.code ? -1 : 1))
}

const order: readonly DoctorSeverity[] = ['failure', 'warning', 'note']

/** The finding that best explains why a page has no numbers, if any does: the surest first. */
export function silenceOf(findings: readonly DoctorFinding[]): DoctorFinding | undefined {
  const explaining = findings.filter(({ explainsSilence }) => explainsSilence === true)
  const sure = ['certain', 'likely', 'possible'] as const
  return sure.flatMap((confidence) => explaining.filter((each) => each.confidence === confidence))[0]
}

/** The findings that make a kind of number doubtful, notes aside. */
export function doubtsOn(what: Affected, findings: readonly DoctorFinding[]): readonly DoctorFinding[] {
  return findings.filter(({ affects, severity }) => severity !== 'note' && affects.includes(what))
}

import { choiceWord } from '../../url.ts'

export const partNames = ['about', 'metrics', 'traces', 'logs'] as const
export type PartName = (typeof partNames)[number]

/** The part of a details page that is shown. */
export const partWords = { part: choiceWord<PartName>(partNames, 'about') } as const

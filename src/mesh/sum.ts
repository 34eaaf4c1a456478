/** The sum, taken from the smallest up, so that the order of arrival does not show in its last digit; 0 of none. */
export function sumOf(values: readonly number[]): number {
  const [first = 0] = values
  if (values.length < 2) return first
  return [...values].sort((a, b) => a - b).reduce((sum, value) => sum + value, 0)
}

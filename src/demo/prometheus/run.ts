import { execFile } from 'node:child_process'

export interface RunResult {
  /** `undefined`: it could not be started at all. */
  readonly code: number | undefined
  readonly output: string
}

/** Runs a program to its end; what it printed (both streams) and its exit code. Never rejects. */
export function run(
  program: string,
  args: readonly string[],
  {
    cwd,
    timeoutMs = 60_000,
    env,
  }: {
    readonly cwd?: string
    readonly timeoutMs?: number
    /** Besides this process's own. */
    readonly env?: Readonly<Record<string, string>>
  } = {},
): Promise<RunResult> {
  return new Promise((resolve) => {
    const options = {
      ...(cwd !== undefined && { cwd }),
      ...(env !== undefined && { env: { ...process.env, ...env } }),
      timeout: timeoutMs,
      maxBuffer: 16 * 1024 * 1024,
    }
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim()
      if (error === null) resolve({ code: 0, output })
      else if (typeof error.code === 'number') resolve({ code: error.code, output })
      else resolve({ code: undefined, output: output === '' ? error.message : output })
    })
  })
}

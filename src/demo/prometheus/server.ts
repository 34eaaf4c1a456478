import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../launch/listen.ts'
import { prometheusConfig, prometheusRules, rulesFile } from './config.ts'

export interface PrometheusOptions {
  readonly binary: string
  /** The simulator's address, whose service discovery says what to scrape. */
  readonly simulator: string
  /** An existing folder for configuration and data; the caller's to remove. */
  readonly folder: string
  /** Its configuration instead of the demo's usual one. */
  readonly config?: string
  /** Called when Prometheus ends without having been stopped. */
  readonly onCrash: (reason: string) => void
}

/** One Prometheus on one folder and one port, which can be stopped and started again on the same data. */
export class PrometheusServer {
  readonly url: string
  readonly #options: PrometheusOptions
  #process: ChildProcess | undefined
  #lastWords: string[] = []

  private constructor(options: PrometheusOptions, url: string) {
    this.#options = options
    this.url = url
  }

  /** Starts it and waits until it answers; rejects with its last words when it does not come up within a minute. */
  static async start(options: PrometheusOptions): Promise<PrometheusServer> {
    const server = new PrometheusServer(options, `http://127.0.0.1:${await freePort()}`)
    await mkdir(options.folder, { recursive: true })
    await writeFile(join(options.folder, rulesFile), prometheusRules())
    await writeFile(server.#config, options.config ?? prometheusConfig(options.simulator))
    await server.start()
    return server
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  get #config(): string {
    return join(this.#options.folder, 'prometheus.yml')
  }

  /** Starts a stopped one; does nothing when it runs. */
  async start(): Promise<void> {
    if (this.#process !== undefined) return
    const { binary, folder, onCrash } = this.#options
    const process = spawn(
      binary,
      [
        `--config.file=${this.#config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        '--storage.tsdb.retention.time=1d',
        `--web.listen-address=${new URL(this.url).host}`,
        '--web.enable-remote-write-receiver',
        '--log.level=warn',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    this.#process = process
    process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = [...this.#lastWords, ...text.trim().split('\n')].slice(-5)
    })
    let failure: string | undefined
    const ended = (reason: string) => {
      failure = reason
      if (this.#process !== process) return
      this.#process = undefined
      onCrash(reason)
    }
    process.once('error', (error) => ended(error.message))
    process.once('exit', (code, signal) =>
      ended(`Prometheus ended (${signal ?? `exit code ${code ?? '?'}`}).\n${this.#lastWords.join('\n')}`),
    )
    const deadline = Date.now() + 60_000
    while (!(await isReady(this.url))) {
      if (failure !== undefined) throw new Error(failure)
      if (Date.now() > deadline) throw new Error(`Prometheus did not become ready.\n${this.#lastWords.join('\n')}`)
      await sleep(50)
    }
  }

  /** Stops it in order, so that its data can be used again; with force after ten seconds. */
  async stop(): Promise<void> {
    const process = this.#release()
    if (process === undefined) return
    const exit = new Promise((resolve) => process.once('exit', resolve))
    process.kill('SIGTERM')
    const timer = setTimeout(() => process.kill('SIGKILL'), 10_000)
    await exit
    clearTimeout(timer)
  }

  /** Ends it at once; its data is not to be used again. */
  async kill(): Promise<void> {
    const process = this.#release()
    if (process === undefined) return
    const exit = new Promise((resolve) => process.once('exit', resolve))
    process.kill('SIGKILL')
    await exit
  }

  /** Takes the process out of watch: its end is wanted now. */
  #release(): ChildProcess | undefined {
    const process = this.#process
    this.#process = undefined
    return process?.exitCode === null && process.signalCode === null ? process : undefined
  }
}

function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = get(new URL('/-/ready', url), { timeout: 1000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    call.on('timeout', () => call.destroy())
    call.on('error', () => resolve(false))
  })
}

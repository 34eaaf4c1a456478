/** One of Prometheus's official release archives. */
export interface Archive {
  readonly version: string
  readonly url: string
  /** Of the archive, as the release's own sha256sums.txt has it. */
  readonly sha256: string
}

const archive = (version: string, platform: string, sha256: string): Archive => ({
  version,
  url: `https://github.com/prometheus/prometheus/releases/download/v${version}/prometheus-${version}.${platform}.tar.gz`,
  sha256,
})

/** Keyed by Node's platform and architecture. A platform without a checksum we know is left out rather than trusted. */
export const archives: Readonly<Record<string, Archive>> = {
  'linux-x64': archive('2.55.1', 'linux-amd64', '19700bdd42ec31ee162e4079ebda4cd0a44432df4daa637141bdbea4b1cd8927'),
  'linux-arm64': archive('2.55.1', 'linux-arm64', 'af43368bc6379c3c8bd5ac0b82208060bba22267bf01ad3ab5df56ad5725bf88'),
  'win32-x64': archive('2.55.1', 'windows-amd64', '37910cbe6465b7ce10f419598b40337e20241c4e0496093c1320ad6216bc1535'),
  'darwin-x64': archive('2.43.1', 'darwin-amd64', 'a5d5633c9a9250d480f83595fcac37b47ec3bd9e08d237a971e60db541f96315'),
  'darwin-arm64': archive('2.43.1', 'darwin-arm64', '602d839f89ea5661f4c5a9d364e5c0843a401b5a7dec9b646f0ff42cd381d8e8'),
}

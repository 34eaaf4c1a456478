import { Banner } from '../panels/Banner.tsx'
import { strings } from '../strings.ts'
import { useView } from '../view.tsx'

/** Says what of the address could not be taken at its word. */
export function ViewNotices() {
  const { malformed, unknownCluster, cluster } = useView()
  return (
    <>
      {unknownCluster !== undefined && <Banner>{strings.url.noSuchCluster(unknownCluster, cluster.label)}</Banner>}
      {malformed.map(({ word, text, expects }) => (
        <Banner key={word}>{strings.url.malformed(word, text, expects)}</Banner>
      ))}
    </>
  )
}

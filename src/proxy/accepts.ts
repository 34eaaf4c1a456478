/** The encodings that an `Accept-Encoding` names and does not refuse with `q=0`: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 */
export function acceptedEncodings(header = ''): readonly string[] {
  return header
    .split(',')
    .filter((each) => !/;\s*q=0(\.0*)?\s*$/.test(each))
    .map((each) => (each.split(';')[0] ?? '').trim().toLowerCase())
}

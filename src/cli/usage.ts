/** What `meshboard` prints when it is asked for nothing in particular. */
export const usage = `Usage: meshboard <command> [options]

Commands
  serve   the dashboard, for the clusters named in its options
  demo    the dashboard on a living demo mesh with a real Prometheus, at http://127.0.0.1:8080 (PORT changes it)
  graph   prints the traffic graph as JSON, Mermaid, CSV or text
  doctor  says why numbers are missing, wrong or doubtful, and what to do

meshboard <command> --help says more.
`

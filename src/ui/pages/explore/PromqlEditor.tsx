import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { lintKeymap } from '@codemirror/lint'
import { EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { PromQLExtension } from '@prometheus-io/codemirror-promql'
import { useEffect, useRef } from 'react'

import { likeFetch, rawDoor } from '../../../clients/prometheus/explore.ts'
import classes from './ExplorePage.module.css'
import { strings } from './strings.ts'

interface Props {
  readonly cluster: string
  /** What stands in it at first, and whenever this changes. */
  readonly promql: string
  readonly onChange: (promql: string) => void
  readonly onRun: (promql: string) => void
}

/**
 * An editor for PromQL, with Prometheus's own completion of metrics, labels and values, and its checks. Enter runs, Shift and Enter is a
 * new line, Ctrl and Space completes; Tab leaves it.
 */
export function PromqlEditor({ cluster, promql, onChange, onRun }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const latest = useRef({ onChange, onRun })
  useEffect(() => {
    latest.current = { onChange, onRun }
  }, [onChange, onRun])

  useEffect(() => {
    const { current: parent } = place
    if (parent === null) return
    const language = new PromQLExtension().setComplete({
      remote: { url: rawDoor({ base: '', cluster }), fetchFn: askUrl, httpErrorHandler: () => undefined },
    })
    const run = ({ state }: EditorView) => {
      latest.current.onRun(state.doc.toString())
      return true
    }
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          language.asExtension(),
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          syntaxHighlighting(inks),
          EditorView.lineWrapping,
          placeholder(strings.placeholder),
          EditorView.contentAttributes.of({ 'aria-label': strings.expression }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) latest.current.onChange(state.doc.toString())
          }),
          // An open list of completions takes Enter first.
          Prec.high(keymap.of([{ key: 'Enter', run: (at) => acceptCompletion(at) || run(at) }])),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        ],
      }),
    })
    view.current = editor
    return () => {
      editor.destroy()
      language.destroy()
    }
  }, [cluster])

  useEffect(() => {
    const { current: editor } = view
    if (editor === undefined || editor.state.doc.toString() === promql) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: promql } })
  }, [promql, cluster])

  return <div ref={place} className={classes['editor']} />
}

const askUrl = (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> =>
  likeFetch(input instanceof Request ? input.url : input.toString(), init)

const inks = HighlightStyle.define([
  { tag: [tags.function(tags.variableName), tags.function(tags.name)], color: 'var(--accent)' },
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'var(--accent)', fontWeight: '700' },
  { tag: [tags.string], color: 'var(--healthy-text)' },
  { tag: [tags.number], color: 'var(--text)' },
  { tag: [tags.comment], color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.invalid], textDecoration: 'underline wavy var(--failing)' },
])
